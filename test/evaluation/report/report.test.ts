import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Bundle } from '../../../src/bundles/bundle.js'
import { readSet } from '../../../src/datasets/read-set.js'
import { createOnnxEmbedder } from '../../../src/embedding/onnx-embedder.js'
import { calibrate } from '../../../src/evaluation/calibrate.js'
import { evaluateEmbedder, type EvaluationResult } from '../../../src/evaluation/evaluate.js'
import { gatherReport } from '../../../src/evaluation/report/gather-report.js'
import type { Report } from '../../../src/evaluation/report/report.js'
import { renderReport } from '../../../src/evaluation/report/render-report.js'
import { writeTinyBundle } from '../../support/tiny-bundle.js'
import { writeColouredSet } from '../coloured-set.js'

const root = mkdtempSync(path.join(tmpdir(), 'kindred-report-'))
const hostile = `<script>alert("1")&'x`
const classes = [hostile, 'blue', 'green', 'red', 'teal', 'violet']
let bundle: Bundle
let result: EvaluationResult
let report: Report
let page: string

beforeAll(async () => {
  bundle = await writeTinyBundle(path.join(root, 'tiny'))
  await writeColouredSet(path.join(root, 'photos'), { classes, each: 6, broken: true })
  const embedder = await createOnnxEmbedder(bundle, { provider: 'cpu', threads: 1, maxBatch: 4 })
  try {
    result = await evaluateEmbedder(embedder, await readSet(path.join(root, 'photos')), { resamples: 50 })
  } finally {
    await embedder.close()
  }
  report = await gatherReport(result, {
    manifest: bundle.manifest,
    training: {
      loss: Array.from({ length: 900 }, (_, n) => ({ step: n + 1, loss: 3 / (n + 1) })),
      validation: [
        { epoch: 1, recallAt1: 0.4, mapAtR: 0.2, best: true },
        { epoch: 2, recallAt1: 0.39, mapAtR: 0.2, best: false },
      ],
    },
    environment: [['Command', hostile]],
  })
  page = renderReport(report)
})
afterAll(() => {
  rmSync(root, { recursive: true, force: true })
})

const headings = (markup: string): string[] =>
  [...markup.matchAll(/<h2>(.*?)<\/h2>/gs)].map(([, text]) => text ?? '')

describe('the page', () => {
  it('has every section', () => {
    expect(headings(page)).toEqual([
      '1 picture was skipped',
      'Recall@K',
      'Scores',
      'Calibration',
      'Worst and best queries',
      'Map of the embeddings',
      'Classes',
      'Training',
      'Settings',
    ])
  })

  it('asks for nothing outside itself', () => {
    const references = [...page.matchAll(/\s(?:src|href|data|action|srcset|poster)="([^"]*)"/g)].map(
      ([, to]) => to ?? '',
    )
    expect(references.filter((to) => !to.startsWith('data:') && !to.startsWith('#'))).toEqual([])
    expect(page).not.toMatch(/@import|url\(|https?:\/\/|<iframe|<object|<embed|fetch\(|import\(/)
    expect(page).toContain("default-src 'none'")
  })

  it('embeds its pictures as JPEG', () => {
    const pictures = [...page.matchAll(/<img\s[^>]*?src="data:image\/jpeg;base64,([^"]+)"/gs)]
    const shown = [...report.best, ...report.worst]
    expect(shown.length).toBeGreaterThanOrEqual(4)
    expect(pictures).toHaveLength(shown.reduce((sum, { answers }) => sum + 1 + answers.length, 0))
    for (const [, base64 = ''] of pictures) {
      expect([...Buffer.from(base64, 'base64').subarray(0, 3)]).toEqual([0xff, 0xd8, 0xff])
    }
  })

  it('shows labels and settings as text, never as markup', () => {
    expect(page).toContain('&lt;script&gt;alert(&quot;1&quot;)&amp;&#39;x')
    expect(page).not.toContain('<script>alert')
    expect([...page.matchAll(/<script/g)]).toHaveLength(1)
  })

  it('says right and wrong in words, and gives each figure its interval', () => {
    const right = report.best
      .concat(report.worst)
      .flatMap(({ answers }) => answers.map((answer) => answer.right))
    expect([...page.matchAll(/✓ right</g)]).toHaveLength(right.filter((is) => is).length)
    expect([...page.matchAll(/✗ wrong</g)]).toHaveLength(right.filter((is) => !is).length)
    expect(right).toContain(true)
    expect([...page.matchAll(/<small>95\s%: /g)].length).toBe(3)
  })

  it('lists every class with its figures, hardest first, and a dot for every picture', () => {
    const { perClass } = result.evaluation
    expect(perClass.map(({ label }) => label).sort()).toEqual([...classes].sort())
    expect([...page.matchAll(/<tr>\s*<td data-value=/g)]).toHaveLength(classes.length)
    const order = perClass.map(({ mapAtR }) => mapAtR)
    expect(order).toEqual([...order].sort((a, b) => a - b))
    const map = /<svg\s[^>]*class="map".*?<\/svg>/s.exec(page)?.[0] ?? ''
    expect([...map.matchAll(/<circle/g)]).toHaveLength(36)
    expect(report.map?.points.every(({ x, y }) => x >= 0 && x <= 1 && y >= 0 && y <= 1)).toBe(true)
  })

  it('puts the worst queries below the best ones', () => {
    const highest = Math.max(...report.worst.map(({ mapAtR }) => mapAtR))
    const lowest = Math.min(...report.best.map(({ mapAtR }) => mapAtR))
    expect(highest).toBeLessThanOrEqual(lowest)
    const asked = [...report.worst, ...report.best].map(({ query }) => query.label)
    expect(new Set(asked).size).toBe(asked.length)
    for (const { answers } of [...report.worst, ...report.best]) {
      const scores = answers.map(({ score }) => score)
      expect(scores).toEqual([...scores].sort((a, b) => b - a))
    }
  })

  it('holds the calibration of a bundle against the set, and leaves training out where there is no log', async () => {
    expect(report.calibration?.ofBundle).toBe(false)
    const calibration = await calibrate(result.sides.queries, { data: 'elsewhere' })
    const calibrated = await gatherReport(
      { ...result, failures: [] },
      { manifest: { ...bundle.manifest, calibration }, training: null, environment: [] },
    )
    expect(calibrated.calibration).toMatchObject({ ofBundle: true, pairs: 36 * 20 })
    const other = renderReport(calibrated)
    expect(other).toContain('elsewhere')
    expect(headings(other)).not.toContain('Training')
    expect(headings(other)[0]).toBe('Recall@K')
  })

  it('does without calibration, map and best queries where there are too few pictures', async () => {
    const few = path.join(root, 'few')
    await writeColouredSet(few, { classes: ['one'], each: 3 })
    const embedder = await createOnnxEmbedder(bundle, { provider: 'cpu', threads: 1, maxBatch: 4 })
    const small = await evaluateEmbedder(embedder, await readSet(few), { resamples: 10 }).finally(() =>
      embedder.close(),
    )
    const lone = renderReport(
      await gatherReport(small, { manifest: bundle.manifest, training: null, environment: [] }),
    )
    expect(headings(lone)).toEqual([
      'Recall@K',
      'Scores',
      'Calibration',
      'Worst and best queries',
      'Classes',
      'Settings',
    ])
    expect(lone).toContain('too few classes')
    expect(lone).not.toContain('NaN')
  })
})
