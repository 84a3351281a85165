import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Page, Route } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { picture } from '../../server/test-server.js'
import { expectGoodManners, openBrowser, type Tab, type TestBrowser } from './support/browser.js'
import { Gate } from './support/gate.js'
import { drop, dropFromDisk, jpeg } from './support/give-files.js'
import { openPageServer, type PageServer } from './support/page-server.js'

let server: PageServer
let browser: TestBrowser
let tab: Tab
const gate = new Gate()

beforeAll(async () => {
  ;[server, browser] = await Promise.all([openPageServer({ wrapEmbedder: gate.around }), openBrowser()])
})
afterAll(async () => {
  await browser.close()
  await server.close()
})
afterEach(async () => {
  gate.open()
  expectGoodManners(tab, server.url)
  await tab.context.close()
})

const open = async (search: string): Promise<Tab['page']> => {
  tab = await browser.open(server.url + search)
  return tab.page
}
/** Opens a collection of its own, made through the page. */
async function openNew(name: string): Promise<Tab['page']> {
  const page = await open('?view=catalogue')
  await page.getByText('Make a collection').click()
  await page.getByLabel('Name: small letters').fill(name)
  await page.getByRole('button', { name: 'Make it' }).click()
  await page.getByRole('region', { name, exact: true }).getByText('Drop pictures, a folder').waitFor()
  return page
}
const counts = (collection: string) => tab.page.locator('.collection', { hasText: collection }).textContent()
const idsIn = async (collection: string) =>
  (await server.store.listItems(collection, { limit: 10 })).items.map(({ id }) => id)
const done = () => tab.page.locator('.job-state', { hasText: 'Done' }).first().waitFor()
const csv = (name: string, text: string) => ({ name, type: 'text/csv', bytes: Buffer.from(text) })
const uri = async (colour: string) => `"data:image/jpeg;base64,${(await picture(colour)).toString('base64')}"`

describe('an import', () => {
  it('of a CSV begins when it is dropped, and hands over the rows that failed', async () => {
    const page = await openNew('rows')
    const rows = [
      'id,image,colour',
      `red,${await uri('red')},red`,
      'text,"data:text/plain;base64,aGVsbG8gaGVsbG8=",none',
      `blue,${await uri('blue')},blue`,
      ',"data:,",none',
    ]
    await drop(page, csv('shop.csv', rows.join('\n')))
    await page.getByRole('heading', { name: 'Bringing in shop.csv' }).waitFor()
    await done()
    expect(await page.locator('.job').textContent()).toContain('4 rows: 2 new, 0 as before, 2 failed')
    await expect.poll(() => counts('rows')).toContain('2 items')
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Download the 2 rows that failed' }).click(),
    ])
    const failed = (await readFile(await file.path(), 'utf8')).split('\r\n')
    expect(file.suggestedFilename()).toMatch(/^failed-.+\.csv$/)
    expect(failed[0]).toBe('row,id,code,reason')
    expect(failed[1]).toMatch(/^3,text,IMAGE_UNSUPPORTED,/)
    expect(failed).toHaveLength(4)
  })

  it('of pictures packs them, bad ones and strange names included, and they can be searched', async () => {
    const page = await openNew('photos')
    await drop(
      page,
      jpeg(await picture('red'), 'größe 42.jpg'),
      jpeg(await picture('teal'), `${'very long '.repeat(15)}name.jpg`),
      jpeg(Buffer.from('no picture at all'), 'bad.jpg'),
    )
    await done()
    await page.getByText('(bad.jpg)').waitFor()
    await expect.poll(() => counts('photos')).toContain('2 items')
    await page.getByRole('link', { name: 'Search in it' }).click()
    await page.getByText('Drop a picture here').waitFor()
    await drop(page, jpeg(await picture('red')))
    await page.locator('.answer-name').first().filter({ hasText: 'größe 42.jpg' }).waitFor()
  })

  it('of pictures takes what is known of them from the CSV beside them', async () => {
    const page = await openNew('beside')
    await drop(
      page,
      csv('catalogue.csv', 'id,image,colour\nboot,a.jpg,red\n'),
      jpeg(await picture('red'), 'a.jpg'),
    )
    await done()
    await page.getByText('Known of its items: colour').waitFor()
  })

  it.each([
    ['chosen', (page: Page, folder: string) => page.getByLabel('Choose a folder').setInputFiles(folder)],
    ['dropped', dropFromDisk],
  ])('of a folder that is %s names its pictures by their paths in it', async (how, give) => {
    const folder = mkdtempSync(path.join(tmpdir(), 'kindred-folder-'))
    try {
      mkdirSync(path.join(folder, 'boots'))
      writeFileSync(path.join(folder, 'a.jpg'), await picture('red'))
      writeFileSync(path.join(folder, 'boots', 'b.jpg'), await picture('blue'))
      const page = await openNew(how)
      await give(page, folder)
      await done()
      expect(await idsIn(how)).toEqual(['a.jpg', 'boots/b.jpg'])
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('can be tried without writing anything', async () => {
    const page = await openNew('tried')
    await page.getByLabel('Only try it').check()
    await page
      .getByLabel('Choose files')
      .setInputFiles({ name: 'a.jpg', mimeType: 'image/jpeg', buffer: await picture('red') })
    await page.getByRole('heading', { name: 'Trying a.jpg.tar' }).waitFor()
    await done()
    expect(await page.locator('.job').textContent()).toContain('1 row: 1 new')
    expect(await idsIn('tried')).toEqual([])
  })

  it('removes what a catalogue does not name only where that was chosen and said again', async () => {
    const page = await openNew('whole')
    const rows = async (...colours: string[]) =>
      csv(
        `${colours.join('-')}.csv`,
        ['id,image', ...(await Promise.all(colours.map(async (one) => `${one},${await uri(one)}`)))].join(
          '\n',
        ),
      )
    const newest = (text: string) => page.locator('.job').first().filter({ hasText: text }).waitFor()
    const removes = page.getByLabel('Remove items')
    await drop(page, await rows('blue', 'red'))
    await newest('2 new')
    await removes.waitFor()
    await drop(page, await rows('teal'))
    await newest('1 new, 0 as before, 0 failed')
    await expect.poll(() => counts('whole')).toContain('3 items')

    await removes.check()
    await page.getByLabel('Only try it').check()
    await drop(page, await rows('teal'))
    await newest('Trying teal.csv')
    await newest('2 would be deleted')
    await page.getByLabel('Only try it').uncheck()

    await drop(page, await rows('blue'), await rows('red'))
    await page.getByRole('alert').getByText('one catalogue or archive at a time').waitFor()
    await drop(page, await rows('teal'))
    await page.getByRole('dialog').getByText('whole has 3 items now').waitFor()
    await page.getByRole('button', { name: 'Leave it as it is' }).click()
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    // The import that follows would come after any that was begun.
    await drop(page, await rows('teal'))
    await page.getByRole('button', { name: 'Bring in and remove' }).click()
    await newest('0 new, 1 as before, 0 failed · 2 deleted')
    await newest('Done')
    expect(await idsIn('whole')).toEqual(['teal'])
    expect(await page.locator('.job').count()).toBe(4)
    expect(await removes.isChecked()).toBe(false)

    await removes.check()
    await drop(page, csv('wrong.csv', 'id,image\nred,nowhere.jpg\nblue,nowhere.jpg'))
    await page.getByRole('button', { name: 'Bring in and remove' }).click()
    await newest('None of the 2 rows of the source could be taken, so nothing was deleted')
    await newest('0 new, 0 as before, 2 failed')
    expect(await idsIn('whole')).toEqual(['teal'])
  })

  it('shows how far it is, and can be stopped', async () => {
    const page = await openNew('stopped')
    void gate.shut()
    // More rows than an import has under way at a time. A byte at the end makes each another file.
    const red = await picture('red')
    const photos = Array.from({ length: 300 }, (_, n) =>
      jpeg(Buffer.concat([red, Buffer.from(`${n}`)]), `${n}.jpg`),
    )
    await drop(page, ...photos)
    await page.getByRole('progressbar').waitFor()
    const told = page.waitForResponse((response) => response.request().method() === 'DELETE')
    await page.getByRole('button', { name: 'Stop' }).click()
    await told
    gate.open()
    await page.locator('.job-state', { hasText: 'Stopped' }).waitFor()
    expect(await page.getByRole('progressbar').count()).toBe(0)
  })

  it('of a file that is no archive is told in plain words', async () => {
    const page = await openNew('broken')
    await drop(page, { name: 'shop.zip', type: 'application/zip', bytes: Buffer.from('this is no zip file') })
    await page.locator('.job-state', { hasText: 'Failed' }).waitFor()
    const told = await page.locator('.job .problem').textContent()
    expect(told).toMatch(/This archive cannot be opened.*Pack plain files again.*shop.zip.*ARCHIVE_INVALID/)
  })

  it('that did not get to the server is still told when the next one has', async () => {
    const page = await openNew('several')
    await page.route('**/imports', (route) => route.abort(), { times: 1 })
    const table = async (colour: string) => csv(`${colour}.csv`, `id,image\n${colour},${await uri(colour)}\n`)
    await drop(page, await table('red'), await table('blue'))
    await done()
    await expect.poll(() => idsIn('several')).toEqual(['blue'])
    const told = page.getByRole('alert')
    expect(await told.textContent()).toContain('red.csv: The server cannot be reached')
    // What is given next is another matter.
    await drop(page, await table('red'))
    await expect.poll(() => idsIn('several')).toEqual(['blue', 'red'])
    expect(await told.count()).toBe(0)
  })
})

describe('a collection', () => {
  it('is shown with its counts and its model, and a taken name is told', async () => {
    const page = await open('?view=catalogue&collection=shop')
    expect(await counts('shop')).toMatch(/12 items of 6 products.*tiny@[0-9a-f]{12}/)
    await page.getByText('Make a collection').click()
    await page.getByLabel('Name: small letters').fill('shop')
    await page.getByLabel('Model').selectOption('wide')
    await page.getByRole('button', { name: 'Make it' }).click()
    await page.getByRole('alert').getByText('There is a collection of that name already').waitFor()
  })

  it('shows what looks the same side by side', async () => {
    const page = await openNew('twins')
    await drop(
      page,
      jpeg(await picture('red'), 'a.jpg'),
      jpeg(await picture('#f00001'), 'b.jpg'),
      jpeg(await picture('teal'), 'c.jpg'),
    )
    await done()
    await page.getByRole('button', { name: 'Look for them' }).click()
    await page.getByText('1 group of items').waitFor()
    expect(await page.locator('.duplicate-group .answer-name').allTextContents()).toEqual(['a.jpg', 'b.jpg'])
    await page.locator('.duplicate-group img').nth(1).waitFor()
    // The list of jobs leads to it, too.
    await page.getByRole('link', { name: 'Jobs' }).click()
    await page.getByText('Groups that were found').first().click()
    await page.getByText('1 group of items').waitFor()
  })

  it('is put back from a snapshot after it was asked for, which can be undone', async () => {
    const page = await openNew('kept')
    await drop(page, jpeg(await picture('red'), 'a.jpg'))
    await done()
    await page.getByRole('button', { name: 'Take a snapshot' }).click()
    const restore = page.getByRole('button', { name: /^Restore / })
    await restore.waitFor()
    const undo = page.getByRole('button', { name: 'Undo the last restore' })
    expect(await undo.count()).toBe(0)
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: /^Download 2/ }).click(),
    ])
    expect((await readFile(await file.path())).length).toBeGreaterThan(1000)
    await drop(page, jpeg(await picture('blue'), 'b.jpg'))
    await expect.poll(() => counts('kept')).toContain('2 items')
    await restore.click()
    await page.getByRole('dialog').waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    await restore.click()
    await page.getByRole('button', { name: 'Put it back' }).click()
    await expect.poll(() => counts('kept')).toContain('1 item')
    await undo.click()
    await expect.poll(() => counts('kept')).toContain('2 items')
    await page.getByRole('button', { name: /^Delete 2/ }).click()
    await page.getByRole('button', { name: 'Delete it' }).click()
    await page.getByText('There are none yet').waitFor()
    await page.getByLabel('Bring one from a file').setInputFiles(
      await file.path().then(async (place) => ({
        name: 'monday.tar',
        mimeType: 'application/x-tar',
        buffer: await readFile(place),
      })),
    )
    await page.getByRole('button', { name: 'Restore monday' }).waitFor()
  })
})

describe('counts', () => {
  it('are those of the latest answer, also where an earlier one comes after it', async () => {
    const page = await openNew('overtaken')
    let release: () => void = () => undefined
    const released = new Promise<void>((resolve) => {
      release = resolve
    })
    const late = new Promise<void>((resolve, reject) => {
      const hold = async (route: Route): Promise<void> => {
        const response = await route.fetch()
        await released
        await route.fulfill({ response })
      }
      page
        .route('**/v1/collections?*', (route) => hold(route).then(resolve, reject), { times: 1 })
        .catch(reject)
    })
    await drop(page, jpeg(await picture('red'), 'a.jpg'))
    await done()
    await drop(page, jpeg(await picture('blue'), 'b.jpg'))
    await expect.poll(() => counts('overtaken')).toContain('2 items')
    release()
    await late
    // Long enough for the page to have shown it.
    await page.evaluate(() => new Promise((resolve) => setTimeout(() => requestAnimationFrame(resolve), 200)))
    expect(await counts('overtaken')).toContain('2 items')
  })
})

describe('the other views', () => {
  it('show jobs as they happen', async () => {
    const page = await openNew('watched')
    void gate.shut()
    await drop(page, jpeg(await picture('red'), 'seen.jpg'))
    await page.getByRole('progressbar').waitFor()
    await page.getByRole('link', { name: 'Jobs' }).click()
    const job = page.locator('.job', { hasText: 'seen.jpg' })
    await job.getByRole('progressbar').waitFor()
    gate.open()
    await job.getByText('Done').waitFor()
  })

  it('show models and their cards', async () => {
    const page = await open('?view=models')
    await page.getByRole('link', { name: 'wide' }).click()
    await page.locator('.model-card').getByText('A network for tests.').waitFor()
    expect(page.url()).toContain('model=wide%40')
    expect(await page.locator('.collection', { hasText: 'tiny' }).textContent()).toMatch(
      /16 values.*the usual one.*shop/,
    )
  })
})
