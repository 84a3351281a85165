import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import type { Request } from 'playwright-core'
import request from 'supertest'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { loadBundle } from '../../../src/bundles/load-bundle.js'
import { writeCalibration } from '../../../src/bundles/write-calibration.js'
import { picture } from '../../server/test-server.js'
import { logisticCalibration } from '../../support/calibrations.js'
import { expectGoodManners, openBrowser, type Tab, type TestBrowser } from './support/browser.js'
import { drop, jpeg, paste } from './support/give-files.js'
import { openPageServer, type PageServer } from './support/page-server.js'

let server: PageServer
let browser: TestBrowser
let tab: Tab
beforeAll(async () => {
  ;[server, browser] = await Promise.all([openPageServer(), openBrowser()])
})
afterAll(async () => {
  await browser.close()
  await server.close()
})
afterEach(async () => {
  expectGoodManners(tab, server.url)
  await tab.context.close()
})

const open = async (search = ''): Promise<Tab['page']> => {
  tab = await browser.open(server.url + search)
  return tab.page
}
const names = () => tab.page.locator('.answer-name').allTextContents()
const answered = (name: string) =>
  tab.page.locator('.answer-name').first().filter({ hasText: name }).waitFor()
const settled = () => tab.page.locator('.answers[aria-busy=false] .facts').waitFor()
const storedPhotos = () =>
  tab.page.evaluate(
    () => Object.keys(sessionStorage).filter((name) => name.startsWith('kindred-photo-')).length,
  )
/** Does something that searches. @returns what was asked, once its answer is shown */
async function searching(act: () => Promise<unknown>): Promise<Request> {
  const asked = tab.page.waitForRequest((request) => request.url().endsWith('/search'))
  await act()
  const sent = await asked
  await settled()
  return sent
}

describe('a search', () => {
  it('begins with a picture that is dropped, and shows pictures, names, scores, times and how fresh the index is', async () => {
    const page = await open('?collection=shop')
    await page.getByText('Drop a picture here').waitFor()
    await drop(page, jpeg(await picture('red', 'white')))
    await answered('red and white')
    const first = page.locator('.answer').first()
    await first.locator('img').waitFor()
    await expect
      .poll(() => first.locator('img').evaluate((image: HTMLImageElement) => image.naturalWidth))
      .toBe(64)
    expect(await first.locator('.score').textContent()).toContain('score 1.00')
    const facts = await page.locator('.facts').textContent()
    expect(facts).toMatch(/[\d.]+ ms for 12 items.*reading the picture.*recognising.*comparing.*index as of/)
    // The page says where it is, so that the browser's back goes where one came from.
    expect(page.url()).toMatch(/like=photo/)
    await page.goBack()
    await page.getByText('Drop a picture here').waitFor()
    await page.goForward()
    await answered('red and white')
  })

  it('begins with a picture that is pasted, or chosen', async () => {
    const page = await open('?collection=shop')
    await page.getByText('Drop a picture here').waitFor()
    await paste(page, jpeg(await picture('blue', 'black')))
    await answered('blue and black')
    await page
      .getByLabel('Another picture')
      .setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: await picture('green', 'white') })
    await answered('green and white')
  })

  it('is of a part of the picture, once a box is drawn on it', async () => {
    const page = await open('?collection=shop')
    await page.getByText('Drop a picture here').waitFor()
    // Left half teal and white, right half all orange: the box decides.
    await drop(page, jpeg(await picture('teal', 'orange')))
    await settled()
    const shown = page.locator('.crop-picture')
    // Before that it has no size.
    await shown.locator('img').evaluate((image: HTMLImageElement) => image.decode())
    const { x, y, width, height } = (await shown.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
    await page.mouse.move(x + width * 0.55, y + height * 0.1)
    await page.mouse.down()
    await page.mouse.move(x + width * 0.8, y + height * 0.5)
    await page.mouse.move(x + width * 0.95, y + height * 0.9)
    await searching(() => page.mouse.up())
    expect((await names())[0]).toMatch(/^orange/)
    const crop = /crop=([\d.]+)%2C([\d.]+)%2C([\d.]+)%2C([\d.]+)/.exec(page.url())?.slice(1).map(Number)
    for (const [n, share] of [0.55, 0.1, 0.95, 0.9].entries()) expect(crop?.[n]).toBeCloseTo(share, 1)
    await expect.poll(() => page.locator('.crop-frame').count()).toBe(1)
  })

  it('can be narrowed with the keyboard alone', async () => {
    const page = await open('?collection=shop')
    await page.getByText('Drop a picture here').waitFor()
    await drop(page, jpeg(await picture('teal', 'orange')))
    await settled()
    await page.getByText('Set the box with sliders').focus()
    await page.keyboard.press('Enter')
    await page.getByLabel('Left edge').waitFor()
    await page.getByLabel('Left edge').focus()
    await searching(() => page.keyboard.press('End'))
    expect(page.url()).toContain('crop=0.950')
    expect((await names())[0]).toMatch(/^orange/)
  })

  it('is more like an answer, and its address can be opened elsewhere', async () => {
    const page = await open('?collection=shop&like=item:red-white')
    await answered('orange and black')
    expect(await names()).not.toContain('red and white')
    await page.getByRole('button', { name: 'More like this: purple and black' }).click()
    await answered('green and black')
    const link = page.url()
    const other = await browser.open(link)
    await other.page.locator('.answer-name').first().filter({ hasText: 'green and black' }).waitFor()
    expectGoodManners(other, server.url)
    await other.context.close()
    await page.goBack()
    await answered('orange and black')
  })

  it('takes several examples, for and against', async () => {
    const page = await open('?collection=shop&like=item:red-white')
    await answered('orange and black')
    await searching(() => page.getByRole('button', { name: 'Also like blue and white' }).click())
    expect(await names()).not.toContain('blue and white')
    const asked = await searching(() => page.getByRole('button', { name: 'Not like red and black' }).click())
    expect(asked.postDataJSON()).toMatchObject({
      positive: [{ itemId: 'red-white' }, { itemId: 'blue-white' }],
      negative: [{ itemId: 'red-black' }],
    })
    expect(await names()).not.toContain('red and black')
    expect(await page.locator('.example.against').count()).toBe(1)
    await drop(page, jpeg(await picture('green', 'white')))
    await answered('green and white')
  })

  it('adds a photo to an example, each as it is', async () => {
    const page = await open('?collection=shop&like=item:red-white')
    await answered('orange and black')
    const photo = await picture('blue', 'white')
    const asked = await searching(() =>
      page
        .getByLabel('Add a picture')
        .setInputFiles({ name: 'b.jpg', mimeType: 'image/jpeg', buffer: photo }),
    )
    expect(asked.postDataJSON()).toMatchObject({
      positive: [{ itemId: 'red-white' }, { base64: photo.toString('base64') }],
    })
    expect(await names()).toContain('blue and white')
  })

  it('cuts the photo to its box where it becomes one example of several', async () => {
    const page = await open('?collection=shop')
    await page.getByText('Drop a picture here').waitFor()
    await drop(page, jpeg(await picture('teal', 'orange')))
    await settled()
    await page.getByText('Set the box with sliders').click()
    await searching(() => page.getByLabel('Left edge').fill('50'))
    expect((await names())[0]).toMatch(/^orange/)
    const asked = await searching(() => page.getByRole('button', { name: 'Also like red and white' }).click())
    const { positive } = asked.postDataJSON() as {
      positive: [{ base64: string }, { itemId: string }]
    }
    expect(positive[1]).toEqual({ itemId: 'red-white' })
    const cut = Buffer.from(positive[0].base64, 'base64')
    // A PNG says its width and height behind its signature and the head of its first chunk.
    expect([cut.toString('latin1', 1, 4), cut.readUInt32BE(16), cut.readUInt32BE(20)]).toEqual([
      'PNG',
      32,
      64,
    ])
    // Alone again it is what was in the box before.
    await searching(() => page.getByRole('button', { name: 'Remove red-white' }).click())
    expect(page.url()).toContain('crop=0.500')
    expect((await names())[0]).toMatch(/^orange/)
    expect((await names())[0]).toMatch(/^(orange|red)/)
  })

  it('is filtered by what the collection knows of its items', async () => {
    const page = await open('?collection=shop&like=item:red-white')
    await answered('orange and black')
    await page.getByText('Filters').click()
    await page.getByRole('group', { name: 'colour' }).getByLabel('blue').check()
    await page.getByRole('group', { name: 'colour' }).getByLabel('green').check()
    await expect.poll(names).toHaveLength(4)
    expect((await names()).every((name) => /^(blue|green)/.test(name))).toBe(true)
    expect(new URL(page.url()).searchParams.get('filter')).toBe('{"colour":{"in":["blue","green"]}}')
    expect(await page.locator('.facts').textContent()).toContain('for 4 items')
    await page.getByRole('button', { name: 'Clear all filters' }).click()
    await expect.poll(names).toHaveLength(11)
  })

  it('takes a range of a field with many numbers or dates, the last day included', async () => {
    const api = request(server.app)
    await api
      .put('/v1/collections/dated')
      .send({ fields: { taken: 'date', size: 'number' } })
      .expect(201)
    const image = await picture('red', 'white')
    for (let day = 1; day <= 20; day++) {
      const taken = `2024-01-${String(day).padStart(2, '0')}T15:00:00Z`
      await api
        .put(`/v1/collections/dated/items/day-${day}`)
        .attach('image', image, 'x.jpg')
        .field('metadata', JSON.stringify({ taken, size: day }))
        .expect(201)
    }
    const page = await open('?collection=dated&like=item:day-20')
    await settled()
    await page.getByText('Filters').click()
    const size = page.getByRole('group', { name: 'size' })
    await size.getByLabel('from').fill('4')
    await searching(() => size.getByLabel('from').press('Enter'))
    const taken = page.getByRole('group', { name: 'taken' })
    await searching(() => taken.getByLabel('to').fill('2024-01-05'))
    expect(new Set(await names())).toEqual(new Set(['day-4', 'day-5']))
    await searching(() => taken.getByLabel('from').fill('2024-01-05'))
    expect(await names()).toEqual(['day-5'])
    // What is asked for can still be seen, though few values are left.
    expect(await taken.getByLabel('to').inputValue()).toBe('2024-01-05')
    expect(await size.getByLabel('from').inputValue()).toBe('4')
  })

  it('puts pictures of a product together, gives as many answers as wanted, and none below a score', async () => {
    const page = await open('?collection=shop&like=item:red-white&k=10')
    await answered('orange and black')
    expect(await names()).toHaveLength(10)
    await page.getByRole('button', { name: 'More answers' }).click()
    await expect.poll(names).toHaveLength(11)
    await page.getByLabel('Together').selectOption('by product')
    await expect
      .poll(async () => (await names()).toSorted())
      .toEqual(['blue', 'green', 'orange', 'purple', 'red', 'teal'])
    await page.getByLabel('Score at least').selectOption('0.95')
    await expect.poll(async () => (await names()).length).toBeLessThan(6)
    expect(page.url()).toMatch(/min=0.95.*group=group/)
  })

  it('tells where to choose when a link names a collection that there is not, and keeps what was asked', async () => {
    const page = await open('?collection=nosuch&like=item:red-white&k=99999&score=7')
    await page.getByRole('alert').getByText('Choose another one where it says Collection.').waitFor()
    expect(await page.getByText('Some of the link').textContent()).toMatch(
      /k=99999: 1000 answers; score: left out/,
    )
    await page.getByLabel('Collection').selectOption('shop')
    await answered('orange and black')
    expect(page.url()).toContain('like=item%3Ared-white')
    expect(await page.locator('select').nth(1).inputValue()).toBe('1000')
  })

  it('tells the product from a field of that name', async () => {
    await request(server.app)
      .put('/v1/collections/named')
      .send({ fields: { product: 'string' } })
      .expect(201)
    const page = await open('?collection=named')
    await expect
      .poll(() => page.getByLabel('Together').locator('option').allTextContents())
      .toEqual(['nothing', 'by product', 'by the field product'])
  })

  it('says how likely an answer is of the same kind only where the model can tell', async () => {
    const page = await open('?collection=shop&like=item:red-white')
    await answered('orange and black')
    expect(await page.locator('.same-kind').count()).toBe(0)
    expect(await page.locator('.facts').textContent()).not.toContain('is an estimate')
    await writeCalibration(await loadBundle(path.join(server.folder, 'models', 'wide')), logisticCalibration)
    await request(server.app).put('/v1/collections/sure').send({ model: 'wide' }).expect(201)
    await request(server.app)
      .put('/v1/collections/sure/items/red')
      .attach('image', await picture('red'), 'x.jpg')
      .expect(201)
    await page.goto(`${server.url}?collection=sure`)
    await page.getByText('Drop a picture here').waitFor()
    await drop(page, jpeg(await picture('red')))
    await answered('red')
    expect(await page.locator('.facts').textContent()).toContain('is an estimate')
    // At a score of 1, whose logit is 8 - 4.
    expect(await page.locator('.same-kind').textContent()).toBe('same kind: 98 %')
  })

  it('shows no answers of the collection before as if they were of the next', async () => {
    const page = await open('?collection=shop')
    await page.getByText('Drop a picture here').waitFor()
    await drop(page, jpeg(await picture('red', 'white')))
    await answered('red and white')
    await page.locator('.answer img').first().waitFor()
    let answer: () => void = () => undefined
    const held = new Promise<void>((resolve) => (answer = resolve))
    await page.route('**/blank/search', async (route) => {
      await held
      await route.continue()
    })
    const asked = page.waitForRequest('**/blank/search')
    await page.getByLabel('Collection').selectOption('blank')
    await asked
    await expect.poll(() => page.locator('.answer').count()).toBe(0)
    answer()
    await page.getByText('Nothing fits').waitFor()
    expect(tab.asked.filter((address) => address.includes('/blank/items/'))).toEqual([])
  })

  it('outlasts that the page is loaded anew, in its own tab', async () => {
    const page = await open('?collection=shop')
    await page.getByText('Drop a picture here').waitFor()
    await drop(page, jpeg(await picture('red', 'white')))
    await answered('red and white')
    await expect.poll(storedPhotos).toBe(1)
    await page.reload()
    await answered('red and white')
    const shown = page.locator('.crop-picture img')
    await shown.evaluate((image: HTMLImageElement) => image.decode())
    expect(await shown.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBe(64)
    const other = await browser.open(page.url())
    expect(await other.page.getByRole('alert').textContent()).toContain('Give it again')
    await other.context.close()
  })

  it('makes room for its photo where the tab keeps too many', async () => {
    const page = await open('?collection=shop')
    await page.getByText('Drop a picture here').waitFor()
    const photo = jpeg(await picture('red', 'white'))
    await drop(page, photo)
    await expect.poll(storedPhotos).toBe(1)
    await page.evaluate(() => {
      let rest = 'x'
      for (let size = 2 ** 23; size >= 1; size /= 2) {
        try {
          sessionStorage.setItem('rest', rest + 'x'.repeat(size))
          rest += 'x'.repeat(size)
        } catch {
          // Full: the next is half as long.
        }
      }
    })
    const before = page.url()
    await searching(() => drop(page, photo))
    const after = page.url()
    const kept = () => page.evaluate(() => Object.keys(sessionStorage).join())
    await expect.poll(kept).toContain(new URL(after).searchParams.get('like')?.replace('photo:', ''))
    expect(await storedPhotos()).toBe(1)
    await page.reload()
    await answered('red and white')
    await page.goto(before)
    expect(await page.getByRole('alert').textContent()).toContain('Give it again')
  })

  it('says plainly when the picture was in another tab', async () => {
    const page = await open('?collection=shop&like=photo:gone')
    expect(await page.getByRole('alert').textContent()).toContain('Give it again')
  })
})

describe('a search by address', () => {
  it('is offered only where the server fetches pictures', async () => {
    const page = await open('?collection=shop')
    await page.getByText('Drop a picture here').waitFor()
    expect(await page.getByLabel('address of a picture').count()).toBe(0)
  })

  it('lets the server fetch the picture, by what is typed, pasted or in a link', async () => {
    const photo = await picture('purple', 'white')
    const elsewhere = createServer((_req, res) => {
      res.setHeader('content-type', 'image/jpeg').end(photo)
    })
    await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
    const { port } = elsewhere.address() as AddressInfo
    const fetching = await openPageServer({ flags: { fetchFrom: '127.0.0.1/32', fetchPorts: String(port) } })
    try {
      tab = await browser.open(`${fetching.url}?collection=shop`)
      await tab.page.getByLabel('address of a picture').fill(`http://127.0.0.1:${port}/a.jpg`)
      await tab.page.getByRole('button', { name: 'Search', exact: true }).click()
      await answered('purple and white')
      await tab.page.reload()
      await answered('purple and white')
      await tab.page.goto(`${fetching.url}?collection=shop&like=url:http://127.0.0.1:1/a.jpg`)
      await tab.page.getByRole('alert').getByText('does not fetch pictures from that address').waitFor()
      expectGoodManners(tab, fetching.url)
    } finally {
      await tab.context.close()
      await fetching.close()
      elsewhere.close()
    }
    tab = await browser.open(server.url)
  })
})
