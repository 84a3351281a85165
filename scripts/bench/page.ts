/**
 * `npm run bench:page`: how long somebody waits for the page at `/`. Chromium opens it again and again on the demo
 * catalogue, each time with nothing kept of it and then once more with its script at hand, and gives it a photo. Times are
 * those seen from outside the browser; browser and server share the machine. It takes the built page.
 */
import path from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { startChildServer } from './child-server.js'
import { documentSection } from './document-section.js'
import { describeMachine } from './machine.js'
import { table } from '../markdown-table.js'
import { quantile } from '../../src/bench/quantile.js'
import { optionalText, scriptOptions, text, whole } from '../script-options.js'
import { prepareDemo } from '../../src/cli/demo.js'
import { loadConfig } from '../../src/config.js'
import { readSet } from '../../src/datasets/read-set.js'
import { syntheticFiles } from '../../src/datasets/synthetic/render-synthetic-catalogue.js'
import { launchChromium } from '../setup-chromium.js'
import { inOwnFolder } from './in-own-folder.js'

const given = scriptOptions('bench:page', 'Times visits to the page of a server of the demo, in Chromium.', {
  model: text('BUNDLE', 'models/products', 'of the server'),
  store: optionalText('FOLDER', 'where the demo is made and kept; a temporary one without it'),
  visits: whole(40, 'of each kind'),
  write: optionalText('FILE', 'document whose section is written'),
})
/** Browser and server get going with these; they are not counted. */
const warmUp = 3

/** Milliseconds. */
interface Visit {
  /** From asking for the page to having a place to put a picture. */
  readonly usable: number
  /** From giving a picture to seeing answers. */
  readonly answered: number
}

async function visit(page: Page, url: string, photo: string): Promise<Visit> {
  const begun = performance.now()
  await page.goto(url, { waitUntil: 'commit' })
  const chooser = page.getByLabel('Choose a picture')
  await chooser.waitFor({ state: 'attached' })
  const usable = performance.now()
  await chooser.setInputFiles(photo)
  await page.locator('.answer').first().waitFor()
  return { usable: usable - begun, answered: performance.now() - usable }
}

/** Visits in turns, so that both kinds meet the same machine. */
async function measure(browser: Browser, url: string, photos: readonly string[]) {
  const first: Visit[] = []
  const again: Visit[] = []
  for (let n = 0; n < warmUp + given.visits; n++) {
    const context = await browser.newContext()
    const page = await context.newPage()
    for (const [turn, kind] of [first, again].entries()) {
      const seen = await visit(page, url, photos[(2 * n + turn) % photos.length] ?? '')
      if (n >= warmUp) kind.push(seen)
    }
    await context.close()
  }
  return { first, again }
}

async function bench(store: string): Promise<void> {
  const machine = describeMachine()
  const config = loadConfig({ env: process.env, flags: { store, model: given.model } })
  await prepareDemo(config)
  const { images } = await readSet(path.join(store, 'demo-catalogue', syntheticFiles.queries), {})
  const flags = ['--store', store, '--model', config.model, '--host', '127.0.0.1', '--port', '0']
  const server = await startChildServer([...flags, '--log-level', 'warn'])
  const browser = await launchChromium()
  try {
    const photos = images.map(({ path: file }) => file)
    const { first, again } = await measure(browser, `${server.url}/?collection=demo`, photos)
    const text = section(`${machine}, Chromium ${browser.version()}`, { first, again })
    console.log(text)
    if (given.write !== undefined) await documentSection(given.write, 'bench:page', text)
  } finally {
    await browser.close()
    await server.close()
  }
}

function section(machine: string, of: { readonly first: Visit[]; readonly again: Visit[] }): string {
  const cells = (times: readonly number[]): string[] =>
    [0.5, 0.95].map((share) => `${quantile(times, share).toFixed(0)} ms`)
  const row = (name: string, seen: readonly Visit[]): string[] => [
    name,
    ...cells(seen.map(({ usable }) => usable)),
    ...cells(seen.map(({ answered }) => answered)),
  ]
  return [
    `${given.visits} visits of each kind. ${new Date().toISOString().slice(0, 10)}, ${machine}.`,
    table(
      ['visit', 'until it takes a picture, p50', 'p95', 'from a picture to its answers, p50', 'p95'],
      [row('the first', of.first), row('again, with its script kept', of.again)],
    ),
  ].join('\n\n')
}

await inOwnFolder((folder) => bench(given.store ?? path.join(folder, 'served')))
