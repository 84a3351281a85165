import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { chromium, type BrowserContext, type BrowserContextOptions, type Page } from 'playwright-core'
import { expect } from 'vitest'
import { findChromium } from '../../../../scripts/setup-chromium.js'

/** No sandbox inside one, no GPU, and nothing that asks the network by itself. */
const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** How long a test waits for what must come; the machine may be busy. */
const patienceMs = 12_000

export interface Tab {
  readonly page: Page
  readonly context: BrowserContext
  /** Every address that was asked for. */
  readonly asked: string[]
  /** What the page complained about, its policy's violations included. */
  readonly complaints: string[]
}

export interface TestBrowser {
  /** Opens a tab with a storage of its own. */
  open(url: string, options?: BrowserContextOptions): Promise<Tab>
  close(): Promise<void>
}

export async function openBrowser(): Promise<TestBrowser> {
  const executablePath = findChromium()
  if (executablePath === undefined)
    throw new Error('There is no Chromium: npm run test:web installs it where it may')
  const home = mkdtempSync(path.join(tmpdir(), 'kindred-chromium-'))
  const browser = await chromium.launch({ executablePath, args, env: { ...process.env, HOME: home } })
  return {
    async open(url, options = {}) {
      const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options })
      context.setDefaultTimeout(patienceMs)
      const page = await context.newPage()
      const asked: string[] = []
      const complaints: string[] = []
      page.on('request', (request) => asked.push(request.url()))
      page.on('pageerror', (error) => complaints.push(error.message))
      page.on('console', (message) => {
        // A refused request is the subject of some tests; what is wrong with the page itself never is.
        if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
          complaints.push(message.text())
        }
      })
      await page.goto(url)
      return { page, context, asked, complaints }
    },
    async close() {
      await browser.close()
      rmSync(home, { recursive: true, force: true })
    },
  }
}

/** Nothing but the page's own server was asked for anything, and nothing was wrong with the page. */
export function expectGoodManners({ asked, complaints }: Tab, url: string): void {
  const { origin } = new URL(url)
  const elsewhere = asked.filter(
    (address) => !/^(data|blob):/.test(address) && new URL(address).origin !== origin,
  )
  expect(elsewhere).toEqual([])
  expect(complaints).toEqual([])
}
