import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { expectGoodManners, openBrowser, type Tab, type TestBrowser } from './support/browser.js'
import { picture } from '../../server/test-server.js'
import { drop, jpeg } from './support/give-files.js'
import { openPageServer, type PageServer } from './support/page-server.js'

let server: PageServer
let browser: TestBrowser
let tab: Tab
const keyOf = (scope: 'search' | 'write' | 'admin', collections: string[] | null = null) =>
  server.keys.create({ name: '', scope, collections, expiresAt: null }).key

beforeAll(async () => {
  ;[server, browser] = await Promise.all([openPageServer(), openBrowser()])
  keyOf('admin')
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
const give = async (key: string): Promise<void> => {
  await tab.page.getByLabel('API key').fill(key)
  await tab.page.getByRole('button', { name: 'Open' }).click()
}

describe('a server that wants a key', () => {
  it('is given one once: the tab keeps it, pictures come with it, and no other tab has it', async () => {
    const page = await open('?collection=shop&like=item:red-white')
    await page.getByRole('heading', { name: 'This server wants a key' }).waitFor()
    await give(keyOf('search'))
    await page.locator('.answer img').first().waitFor()
    await page.reload()
    await page.locator('.answer img').first().waitFor()
    expect(
      await page.evaluate(() => ({ here: sessionStorage.length, forGood: localStorage.length })),
    ).toEqual({
      here: 1,
      forGood: 0,
    })
    const other = await tab.context.newPage()
    await other.goto(server.url)
    await other.getByRole('heading', { name: 'This server wants a key' }).waitFor()
    // Never in an address, where logs and histories keep it.
    expect(tab.asked.filter((address) => address.includes('kindred_'))).toEqual([])
  })

  it('says when a key does not work, and takes another', async () => {
    const page = await open()
    const known = keyOf('search')
    const unknown = `${known.slice(0, -1)}${known.endsWith('A') ? 'B' : 'A'}`
    await give(unknown)
    expect(await page.getByRole('alert').textContent()).toBe(
      'That key does not work: The API key is not known.',
    )
    await give(known)
    await page.getByText('Drop a picture here').waitFor()
    await page.getByRole('button', { name: 'Change key' }).click()
    await page.getByRole('heading', { name: 'This server wants a key' }).waitFor()
  })

  it('says of what is no key, or a part of one, what a key looks like, and sends it nowhere', async () => {
    const page = await open()
    const known = keyOf('search')
    await page.getByLabel('API key').waitFor()
    const asked = tab.asked.length
    // Dots, as they are copied from where a key is hidden, cannot be in a header.
    for (const text of ['not a key', known.slice(0, -1), '\u2022'.repeat(known.length)]) {
      await give(text)
      expect(await page.getByRole('alert').textContent()).toBe(
        `That is not a whole key. One begins with kindred_ and has ${known.length} characters: copy all of it and paste it here.`,
      )
    }
    expect(tab.asked.length).toBe(asked)
    await give(` ${known} `)
    await page.getByText('Drop a picture here').waitFor()
  })

  it('says nothing against a key before it has tried it', async () => {
    const page = await open()
    await page.getByLabel('API key').waitFor()
    await page.evaluate(() => {
      const said: string[] = []
      Object.assign(window, { said })
      new MutationObserver(() => {
        for (const { textContent } of document.querySelectorAll('[role=alert]')) said.push(textContent)
      }).observe(document.body, { childList: true, subtree: true })
    })
    await give(keyOf('search'))
    await page.getByText('Drop a picture here').waitFor()
    expect(await page.evaluate(() => (window as unknown as { said: string[] }).said)).toEqual([])
  })

  it('shows a key only what it may see', async () => {
    const page = await open()
    await give(keyOf('search', ['shop']))
    await page.getByText('Drop a picture here').waitFor()
    expect(await page.getByLabel('Collection').locator('option').allTextContents()).toEqual(['shop (12)'])
  })

  it('tells a key that may only search so, in place of what it may not do', async () => {
    const page = await open('?view=catalogue')
    await give(keyOf('search'))
    await page.getByText('Your key may search, and nothing more').waitFor()
    expect(await page.getByText('12 items').count()).toBe(1)
    expect(await page.getByRole('heading', { name: 'Bring in pictures' }).count()).toBe(0)
    expect(await page.getByRole('button', { name: 'Take a snapshot' }).count()).toBe(0)
    await page.getByRole('link', { name: 'Jobs' }).click()
    await page.getByText('Your key may not see the jobs').waitFor()
    // What it asked for in vain would have been asked for before what the next view needs.
    await page.getByRole('link', { name: 'Models' }).click()
    await page.getByRole('link', { name: 'tiny' }).waitFor()
    expect(tab.asked.filter((address) => /jobs|snapshots/.test(new URL(address).pathname))).toEqual([])
  })

  it('lets a key that may write do so, jobs followed with it, and leaves snapshots out', async () => {
    const page = await open('?view=catalogue&collection=blank')
    await give(keyOf('write', ['blank']))
    await page.getByText('Drop pictures, a folder').waitFor()
    await drop(page, jpeg(await picture('red'), 'a.jpg'))
    await page.locator('.job-state', { hasText: 'Done' }).waitFor()
    expect(await page.getByText('Snapshots').count()).toBe(0)
    expect(await page.getByText('Make a collection').count()).toBe(0)
  })
})
