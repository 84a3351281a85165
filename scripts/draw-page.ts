/**
 * Takes the pictures of the page that the documents show, of the demo catalogue: npm run draw:page. It takes the built page.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { prepareDemo } from '../src/cli/demo.js'
import { loadConfig } from '../src/config.js'
import { createLogger } from '../src/log.js'
import { startServer } from '../src/server/start-server.js'
import { launchChromium } from './setup-chromium.js'

const docs = path.resolve(import.meta.dirname, '../docs')
const store = mkdtempSync(path.join(tmpdir(), 'kindred-draw-page-'))
const photo = (product: string) => path.join(store, 'demo-catalogue/queries', product, `${product}-01.jpg`)

/** Opens the page, shows something, and takes a picture of it. */
async function draw(
  browser: Browser,
  name: string,
  options: BrowserContextOptions,
  show: (page: Page) => Promise<void>,
): Promise<void> {
  const context = await browser.newContext(options)
  const page = await context.newPage()
  await show(page)
  // Pictures that come into sight are fetched then.
  await page.waitForLoadState('networkidle')
  await page.screenshot({ path: path.join(docs, name), type: 'jpeg', quality: 60 })
  await context.close()
}

async function searchWith(page: Page, url: string, product: string): Promise<void> {
  await page.goto(url)
  await page.getByLabel('Choose a picture').setInputFiles(photo(product))
  await page.locator('.answer img').nth(1).waitFor()
}

async function drawBox(page: Page): Promise<void> {
  const box = await page.locator('.crop-picture').boundingBox()
  if (box === null) throw new Error('There is no picture to draw a box on')
  await page.mouse.move(box.x + box.width * 0.1, box.y + box.height * 0.05)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * 0.9, box.y + box.height * 0.95)
  await page.mouse.up()
}

try {
  const config = loadConfig({ flags: { store, port: 0, logLevel: 'warn' } })
  await prepareDemo(config)
  const server = await startServer(config, createLogger('warn'))
  const browser = await launchChromium()
  await draw(browser, 'page-search.jpg', { viewport: { width: 1240, height: 760 } }, async (page) => {
    await searchWith(page, server.url, 'backpack-teal')
    await drawBox(page)
  })
  const phone = { width: 360, height: 720 }
  await draw(browser, 'page-phone.jpg', { viewport: phone, hasTouch: true, colorScheme: 'dark' }, (page) =>
    searchWith(page, server.url, 'kite-blue'),
  )
  await draw(browser, 'page-catalogue.jpg', { viewport: { width: 1240, height: 1120 } }, async (page) => {
    await page.goto(`${server.url}/?view=catalogue`)
    await page.getByRole('button', { name: 'Look for them' }).click()
    await page.locator('.duplicate-group img').first().waitFor()
  })
  await browser.close()
  await server.close()
} finally {
  rmSync(store, { recursive: true, force: true })
}
