import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LabelledImage, LabelledSet } from '../../src/datasets/labelled-set.js'
import type { Embedder } from '../../src/embedding/embedder.js'
import { KindredError } from '../../src/errors.js'
import { embedSet } from '../../src/evaluation/embed-set.js'
import { evaluateEmbedder, testRows } from '../../src/evaluation/evaluate.js'
import { renderSvg } from '../../src/images/render-svg.js'

/** Mean red, green and blue of the picture: a model that knows colours. */
const colourEmbedder: Embedder = {
  model: 'colours@000000000000',
  dimensions: 3,
  input: {
    width: 4,
    height: 4,
    fit: 'squash',
    kernel: 'linear',
    mean: [0, 0, 0],
    std: [1, 1, 1],
    layout: 'nhwc',
  },
  embed: (inputs) =>
    Promise.resolve(
      inputs.map((input) => {
        const mean = [0, 1, 2].map(
          (c) => input.filter((_, i) => i % 3 === c).reduce((a, b) => a + b, 0.01) / 16,
        )
        return Float32Array.from(mean, (value) => value / Math.hypot(...mean))
      }),
    ),
  close: () => Promise.resolve(),
}

const folder = mkdtempSync(path.join(tmpdir(), 'kindred-evaluation-'))
const at = (name: string): string => path.join(folder, name)
const image = (name: string, label: string, more: Partial<LabelledImage> = {}): LabelledImage => ({
  path: at(name),
  label,
  ...more,
})

beforeAll(async () => {
  const left = {
    red1: '#e01010',
    red2: '#c02018',
    red3: '#f03020',
    blue1: '#1020e0',
    blue2: '#2030c0',
    green: '#10c030',
  }
  for (const [name, colour] of Object.entries(left)) {
    const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 1"><rect width="1" height="1" fill="${colour}"/><rect x="1" width="1" height="1" fill="#10c030"/></svg>`
    writeFileSync(at(`${name}.png`), await renderSvg(svg, { width: 16, height: 8, format: 'png' }))
  }
  writeFileSync(at('broken.png'), 'this is no picture')
})
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const set: LabelledSet = {
  name: 'colours',
  images: [
    image('red1.png', 'red'),
    image('broken.png', 'red'),
    image('red2.png', 'red'),
    image('missing.png', 'blue'),
    image('blue1.png', 'blue'),
    image('blue2.png', 'blue'),
    image('green.png', 'green'),
  ],
}

describe('embedding a set', () => {
  it('keeps the order, and lists and skips what cannot be read', async () => {
    const seen: number[] = []
    const onProgress = (done: number): void => void seen.push(done)
    const embedded = await embedSet(colourEmbedder, set, { concurrency: 3, onProgress })
    expect(embedded.labels).toEqual(['red', 'red', 'blue', 'blue', 'green'])
    expect(embedded.images.map((each) => path.basename(each.path))).toEqual([
      'red1.png',
      'red2.png',
      'blue1.png',
      'blue2.png',
      'green.png',
    ])
    expect(embedded.embeddings).toHaveLength(15)
    expect(embedded.failures.map(({ path: file, code }) => [path.basename(file), code])).toEqual([
      ['broken.png', 'IMAGE_UNSUPPORTED'],
      ['missing.png', 'IMAGE_UNREADABLE'],
    ])
    expect(seen).toEqual([1, 2, 3, 4, 5, 6, 7])
  })

  it('does not depend on how many pictures are under way', async () => {
    const one = await embedSet(colourEmbedder, set, { concurrency: 1 })
    expect(await embedSet(colourEmbedder, set, { concurrency: 16 })).toEqual(one)
  })

  it('looks only at the box of a picture', async () => {
    const whole = image('red1.png', 'x')
    const boxed = { ...whole, box: { x0: 0.5, y0: 0, x1: 1, y1: 1 } }
    const { embeddings, ids } = await embedSet(colourEmbedder, { name: 's', images: [whole, boxed] })
    const green = await embedSet(colourEmbedder, { name: 's', images: [image('green.png', 'x')] })
    expect(embeddings[3]).toBeCloseTo(green.embeddings[0] ?? NaN, 2)
    expect(embeddings[0]).toBeGreaterThan(0.5)
    expect(new Set(ids).size).toBe(2)
  })

  it('ends when the embedder fails or the signal says so', async () => {
    const failing = {
      ...colourEmbedder,
      embed: () => Promise.reject(new KindredError('EMBEDDER_FAILED', 'gone')),
    }
    await expect(embedSet(failing, set)).rejects.toMatchObject({ code: 'EMBEDDER_FAILED' })
    await expect(
      embedSet(colourEmbedder, set, { signal: AbortSignal.abort(new Error('stop')) }),
    ).rejects.toThrow('stop')
  })
})

describe('an evaluation', () => {
  it('prints shares of 1, counts, intervals and the model', async () => {
    const phases: string[] = []
    const { evaluation, perQuery, failures } = await evaluateEmbedder(colourEmbedder, set, {
      ks: [1, 2],
      resamples: 200,
      onProgress: (phase, done, total) => phases.push(`${phase} ${done}/${total}`),
    })
    expect(evaluation).toMatchObject({
      model: 'colours@000000000000',
      data: 'colours',
      recall: { 1: 1, 2: 1 },
      rPrecision: 1,
      mapAtR: 1,
      counts: { queries: 4, leftOut: 1, gallery: 5, classes: 2, failed: 2 },
      intervals: { 'recall@1': { low: 1, high: 1 }, mapAtR: { low: 1, high: 1 } },
    })
    expect(evaluation.nmi).toBeGreaterThan(0.5)
    expect(perQuery.recall[1]).toEqual([1, 1, 1, 1])
    expect(failures).toHaveLength(2)
    expect(phases.slice(-5)).toEqual([
      'embedding 7/7',
      'retrieval 5/5',
      'clustering 1/3',
      'clustering 2/3',
      'clustering 3/3',
    ])
    expect(JSON.parse(JSON.stringify(evaluation))).toEqual(evaluation)
  })

  it('asks with the queries and looks through the gallery where the set marks them', async () => {
    const marked: LabelledSet = {
      name: 'marked',
      images: [
        image('red1.png', 'red', { isQuery: true, isGallery: true }),
        image('red2.png', 'red', { isQuery: false, isGallery: true }),
        image('blue1.png', 'blue', { isQuery: true, isGallery: false }),
        image('blue2.png', 'red', { isGallery: true }),
        image('green.png', 'blue', { isGallery: true }),
      ],
    }
    const { evaluation } = await evaluateEmbedder(colourEmbedder, marked, { ks: [1] })
    // red1 finds red2, not itself; blue1 finds blue2, which is labelled red.
    expect(evaluation).toMatchObject({ recall: { 1: 0.5 }, counts: { queries: 2, gallery: 4, leftOut: 0 } })
  })

  it('looks through a gallery of its own', async () => {
    const gallery = { name: 'g', images: [image('red3.png', 'red'), image('blue1.png', 'blue')] }
    const { evaluation } = await evaluateEmbedder(colourEmbedder, set, { gallery, ks: [1] })
    // blue1 is both: its own picture does not count, so no other blue is left for it.
    expect(evaluation.counts).toEqual({ queries: 3, leftOut: 2, gallery: 2, classes: 2, failed: 2 })
    expect(evaluation.recall).toEqual({ 1: 1 })
  })

  it('says so when nothing can be asked', async () => {
    const lonely = { name: 'lonely', images: [image('red1.png', 'a'), image('blue1.png', 'b')] }
    await expect(evaluateEmbedder(colourEmbedder, lonely)).rejects.toMatchObject({ code: 'DATASET_INVALID' })
  })

  it('is about the test rows where there are any', () => {
    const split = {
      name: 's',
      images: [image('a', 'x', { split: 'train' }), image('b', 'x', { split: 'test' })],
    }
    expect(testRows(split).images).toEqual([split.images[1]])
    expect(testRows(set)).toBe(set)
  })
})
