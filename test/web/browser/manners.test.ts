import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import axe from 'axe-core'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtPage } from '../../../src/server/page/page-files.js'
import { picture } from '../../server/test-server.js'
import { expectGoodManners, openBrowser, type Tab, type TestBrowser } from './support/browser.js'
import { drop, jpeg } from './support/give-files.js'
import { openPageServer, type PageServer } from './support/page-server.js'

let server: PageServer
let browser: TestBrowser
beforeAll(async () => {
  ;[server, browser] = await Promise.all([openPageServer(), openBrowser()])
})
afterAll(async () => {
  await browser.close()
  await server.close()
})

/** What each view is, and the thing to wait for. */
const states: Readonly<Record<string, (tab: Tab) => Promise<void>>> = {
  'the start': async ({ page }) => {
    await page.goto(`${server.url}?collection=shop`)
    await page.getByText('Drop a picture here').waitFor()
  },
  'answers to a photo': async ({ page }) => {
    await page.goto(`${server.url}?collection=shop`)
    await page.getByText('Drop a picture here').waitFor()
    await drop(page, jpeg(await picture('red', 'white')))
    await page.locator('.answer img').first().waitFor()
    await page.getByText('Set the box with sliders').click()
  },
  'answers to examples, filtered': async ({ page }) => {
    await page.goto(
      `${server.url}?collection=shop&like=item:red-white&unlike=item:blue-black&filter={"colour":{"in":["red","green"]}}`,
    )
    await page.locator('.answer img').first().waitFor()
    await page.locator('.answer').first().getByText('Details').click()
  },
  groups: async ({ page }) => {
    await page.goto(`${server.url}?collection=shop&like=item:red-white&group=group`)
    await page.locator('.group-more img').first().waitFor()
  },
  'the catalogue': async ({ page }) => {
    await page.goto(`${server.url}?view=catalogue&collection=shop`)
    await page.getByText('Make a collection').click()
    await page.getByRole('button', { name: 'Take a snapshot' }).click()
    await page
      .getByRole('button', { name: /^Restore/ })
      .first()
      .waitFor()
    await page.getByRole('button', { name: 'Look for them' }).click()
    await page.getByText('of items that look the same').waitFor()
  },
  'a question': async ({ page }) => {
    await page.goto(`${server.url}?view=catalogue&collection=shop`)
    await page.getByRole('button', { name: 'Take a snapshot' }).click()
    await page
      .getByRole('button', { name: /^Delete/ })
      .first()
      .click()
    await page.getByRole('dialog').waitFor()
  },
  'an import with rows that failed, and the jobs': async ({ page }) => {
    await page.goto(`${server.url}?view=catalogue&collection=blank`)
    await page.getByText('Drop pictures, a folder').waitFor()
    await drop(page, jpeg(Buffer.from('no picture'), 'bad.jpg'), jpeg(await picture('red'), 'good.jpg'))
    await page.getByText('(bad.jpg)').waitFor()
    expect(await violations(page)).toEqual([])
    await page.getByRole('link', { name: 'Jobs' }).click()
    await page.getByText('(bad.jpg)').first().waitFor()
  },
  'models and a card': async ({ page }) => {
    await page.goto(`${server.url}?view=models`)
    await page.getByRole('link', { name: 'tiny' }).click()
    await page.locator('.model-card').waitFor()
  },
  'a problem': async ({ page }) => {
    await page.goto(`${server.url}?collection=shop&like=item:nobody`)
    await page.getByRole('alert').waitFor()
  },
}

/** WCAG A and AA, and what axe calls best practice. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  const { violations: found } = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run(),
  )
  return found.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
}

/** How it is looked at: a laptop, a phone at night, a large screen. */
const screens = [
  ['light', 1280, 900],
  ['dark', 360, 640],
  ['light', 3840, 2160],
] as const

describe.each(Object.entries(states))('%s', (_, show) => {
  it.each(screens)(
    'is sound for axe and fits the screen: %s, %i x %i',
    async (colorScheme, width, height) => {
      const viewport = { width, height }
      const tab = await browser.open('about:blank', { colorScheme, viewport, reducedMotion: 'reduce' })
      await show(tab)
      expect(await violations(tab.page)).toEqual([])
      expect(await tab.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width)
      expectGoodManners(tab, server.url)
      await tab.context.close()
    },
  )
})

describe('the page', () => {
  it('has less than 80 kB of script, compressed', () => {
    const assets = path.join(builtPage, 'assets')
    const scripts = readdirSync(assets).filter((name) => name.endsWith('.js'))
    expect(scripts.length).toBeGreaterThan(0)
    const bytes = scripts.map((name) => gzipSync(readFileSync(path.join(assets, name))).length)
    expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(80_000)
  })

  it('takes a picture once its page, script and style and two answers of the server are there', async () => {
    const tab = await browser.open(`${server.url}?collection=shop`)
    await tab.page.getByText('Drop a picture here').waitFor()
    expect(await tab.page.getByLabel('Choose a picture').isEnabled()).toBe(true)
    // Scripts and styles carry a digest of what is in them.
    const names = tab.asked.map((address) => new URL(address).pathname.replace(/-[\w-]+[.]/, '.'))
    expect(names.sort()).toEqual([
      '/',
      '/assets/main.js',
      '/assets/page.css',
      '/v1/collections',
      '/v1/server',
    ])
    await tab.context.close()
  })

  it('keeps its views in one line on a phone, also beside the button for another key', async () => {
    const viewport = { width: 360, height: 640 }
    const tab = await browser.open(server.url, { viewport })
    await tab.page.getByText('Drop a picture here').waitFor()
    const tops = () =>
      tab.page
        .locator('.top nav a')
        .evaluateAll((links) => links.map((link) => link.getBoundingClientRect().top))
    expect(new Set(await tops()).size).toBe(1)
    await tab.page.locator('.top').evaluate((top) => {
      top.append(Object.assign(document.createElement('button'), { textContent: 'Change key' }))
    })
    expect(new Set(await tops()).size).toBe(1)
    expect(await tab.page.evaluate(() => document.documentElement.scrollWidth)).toBe(360)
    await tab.context.close()
  })

  it('keeps the place of who goes by the keyboard where what was pressed goes away', async () => {
    const { page, context } = await browser.open(`${server.url}?collection=shop&like=item:red-white`)
    const press = async (name: string) => {
      await page.getByRole('button', { name }).first().focus()
      await page.keyboard.press('Enter')
    }
    const focus = () =>
      page.evaluate(() => {
        const element = document.activeElement
        const name = element?.getAttribute('aria-label') ?? element?.textContent.trim()
        return element === document.body ? 'nothing' : (name ?? '')
      })
    await page.getByRole('button', { name: 'Also like blue and white' }).waitFor()
    await press('Also like blue and white')
    await expect.poll(focus).toBe('Answers')
    await press('Remove blue-white')
    await expect.poll(focus).toBe('Searched with')
    await page.goto(`${server.url}?collection=shop&like=item:red-white&k=2`)
    await press('More answers')
    await expect.poll(() => page.locator('.answer').count()).toBe(4)
    await expect.poll(focus).toBe('More answers')
    // One without the snapshots of other tests.
    await fetch(`${server.url}v1/collections/placed`, { method: 'PUT' })
    await page.goto(`${server.url}?view=catalogue&collection=placed`)
    await press('Take a snapshot')
    await page.getByRole('button', { name: /^Delete/ }).waitFor()
    await expect.poll(focus).toBe('Take a snapshot')
    await press('Delete')
    await press('Leave it as it is')
    await expect.poll(focus).toMatch(/^Delete/)
    await press('Delete')
    await press('Delete it')
    await page.getByText('There are none yet').waitFor()
    await expect.poll(focus).toMatch(/^Snapshots/)
    await context.close()
  })

  it('can be walked with the keyboard, and what has the focus can be seen', async () => {
    const { page, context } = await browser.open(`${server.url}?collection=shop`)
    await page.getByText('Drop a picture here').waitFor()
    const seen: string[] = []
    for (let step = 0; step < 12; step++) {
      await page.keyboard.press('Tab')
      const focus = await page.evaluate(() => {
        const element = document.activeElement
        if (!(element instanceof HTMLElement) || element === document.body) return null
        const ring = element.closest('.button') ?? element
        return {
          name: element.closest('label')?.textContent ?? element.textContent,
          outline: getComputedStyle(ring).outlineStyle,
        }
      })
      if (focus === null) break
      seen.push(focus.name.trim())
      if (step > 0) expect(focus.outline, focus.name).not.toBe('none')
    }
    for (const name of ['Skip to the content', 'Catalogue', 'Choose a picture', 'Filters']) {
      expect(seen.join('|')).toContain(name)
    }
    await context.close()
  })
})
