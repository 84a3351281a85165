import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { picture } from '../../server/test-server.js'
import { expectGoodManners, openBrowser, type Tab, type TestBrowser } from './support/browser.js'
import { Gate } from './support/gate.js'
import { drop, jpeg } from './support/give-files.js'
import { openPageServer, type PageServer } from './support/page-server.js'

let server: PageServer
let browser: TestBrowser
let tab: Tab
const gate = new Gate()

beforeAll(async () => {
  const flags = { picturesAtOnce: 1, picturesWaiting: 0, maxImageBytes: 1_000_000 }
  ;[server, browser] = await Promise.all([
    openPageServer({ flags, wrapEmbedder: gate.around }),
    openBrowser(),
  ])
})
afterAll(async () => {
  await browser.close()
  await server.close()
})
beforeEach(async () => {
  tab = await browser.open(`${server.url}?collection=shop`)
  await tab.page.getByText('Drop a picture here').waitFor()
})
afterEach(async () => {
  gate.open()
  expectGoodManners(tab, server.url)
  await tab.context.close()
})

const alert = async () => {
  await tab.page.getByRole('alert').waitFor()
  return tab.page.getByRole('alert').textContent()
}
const answered = (name: string) =>
  tab.page.locator('.answer-name').first().filter({ hasText: name }).waitFor()

describe('trouble with a picture', () => {
  it('that is a text file renamed to .jpg is told in plain words, with what to do next', async () => {
    await drop(tab.page, jpeg(Buffer.from('Dear diary, this is no picture.\n'.repeat(9)), 'holiday.jpg'))
    const said = await alert()
    expect(said).toContain('This is not a picture I can read')
    const preview = tab.page.locator('.no-preview')
    await expect.poll(() => preview.textContent()).toBe('This browser cannot show the picture.')
    expect(said).toContain('Use a JPEG, PNG, WebP, GIF, TIFF or AVIF file')
    expect(await tab.page.getByText('This browser cannot show the picture').count()).toBe(1)
    await drop(tab.page, jpeg(await picture('red', 'white')))
    await answered('red and white')
    expect(await tab.page.getByRole('alert').count()).toBe(0)
  })

  it('that is cut off is told', async () => {
    const whole = await picture('red', 'white')
    await drop(tab.page, jpeg(whole.subarray(0, whole.length >> 1)))
    expect(await alert()).toMatch(/This picture is damaged/)
  })

  it('that is larger than the server takes is told, and not sent', async () => {
    await drop(tab.page, jpeg(Buffer.alloc(1_000_001), 'huge.jpg'))
    expect(await alert()).toMatch(/This picture file is too large.*Save it smaller/)
    expect(tab.asked.filter((address) => address.endsWith('/search'))).toEqual([])
  })

  it('that is gone from the collection is told', async () => {
    await tab.page.goto(`${server.url}?collection=shop&like=item:nobody`)
    expect(await alert()).toContain('That item is not there any more')
  })
})

describe('a server', () => {
  it('that is slow is waited for, and the wait can be ended', async () => {
    void gate.shut()
    await drop(tab.page, jpeg(await picture('red', 'white')))
    await tab.page.getByText('Still searching').waitFor()
    const ended = tab.page.waitForEvent('requestfailed', (request) => request.url().endsWith('/search'))
    await tab.page.getByRole('button', { name: 'Stop' }).click()
    await ended
    await tab.page.locator('.answers[aria-busy=false]').waitFor()
    expect(await tab.page.getByText('Still searching').count()).toBe(0)
    await tab.page.getByText('The search was stopped').waitFor()
    expect(await tab.page.locator('.answer').count()).toBe(0)
    gate.open()
    void gate.shut()
    await drop(tab.page, jpeg(await picture('blue', 'white')))
    await tab.page.getByText('Still searching').waitFor()
    gate.open()
    await answered('blue and white')
  })

  it('that is slow leaves no answers to another search behind where the wait is ended', async () => {
    await drop(tab.page, jpeg(await picture('blue', 'white')))
    await answered('blue and white')
    void gate.shut()
    await drop(tab.page, jpeg(await picture('red', 'white')))
    await tab.page.getByRole('button', { name: 'Stop' }).click()
    await tab.page.getByText('The search was stopped').waitFor()
    expect(await tab.page.locator('.answer').count()).toBe(0)
    gate.open()
    await tab.page.getByRole('button', { name: 'Search again' }).click()
    await answered('red and white')
    expect(await tab.page.getByText('The search was stopped').count()).toBe(0)
  })

  it('that is overloaded is asked again as it says, and the answer comes when it can', async () => {
    const taken = gate.shut()
    // Somebody else's picture takes the only place.
    const body = new FormData()
    body.append('image', new Blob([new Uint8Array(await picture('green'))]), 'x.jpg')
    const other = fetch(`${server.url}v1/collections/shop/search`, { method: 'POST', body })
    await taken
    await drop(tab.page, jpeg(await picture('red', 'white')))
    await tab.page.getByText('The server is very busy').waitFor()
    gate.open()
    await answered('red and white')
    expect((await other).status).toBe(200)
  })

  it('that stays overloaded is told, with a way to try again', async () => {
    await tab.page.route('**/search', (route) =>
      route.fulfill({
        status: 503,
        headers: { 'retry-after': '60' },
        contentType: 'application/problem+json',
        body: JSON.stringify({ code: 'OVERLOADED', detail: 'Too many requests are under way', status: 503 }),
      }),
    )
    await drop(tab.page, jpeg(await picture('red', 'white')))
    expect(await alert()).toContain('The server is very busy')
    await tab.page.unroute('**/search')
    await tab.page.getByRole('button', { name: 'Try again' }).click()
    await answered('red and white')
  })

  it('that is down is told, with a way to try again', async () => {
    const { port } = new URL(server.url)
    await server.stop()
    await drop(tab.page, jpeg(await picture('red', 'white')))
    expect(await alert()).toContain('The server cannot be reached')
    await server.start(Number(port))
    await tab.page.getByRole('button', { name: 'Try again' }).click()
    await answered('red and white')
  })
})
