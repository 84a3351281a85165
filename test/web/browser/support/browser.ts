import type { BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { expect } from 'vitest'
import { launchChromium } from '../../../../scripts/setup-chromium.js'

/** How long a test waits for what must come; the machine may be busy. */
const patienceMs = 30_000

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
  const browser = await launchChromium()
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
    close: () => browser.close(),
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
