import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import sharp from 'sharp'
import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { LabelledSet } from '../../src/datasets/labelled-set.js'
import type { Embedder } from '../../src/embedding/embedder.js'
import { KindredError } from '../../src/errors.js'
import { embedToFile } from '../../src/evaluation/embed-to-file.js'
import { tableOfSet } from '../../src/evaluation/picture-table.js'

const root = mkdtempSync(path.join(tmpdir(), 'kindred-embed-'))
const out = path.join(root, 'out')
const file = path.join(out, 'set.npy')
const picture = path.join(root, 'picture.png')

/** Numbers its pictures as they come. */
const counting = (): Embedder => {
  let seen = 0
  return {
    model: 'counting@000000000000',
    dimensions: 3,
    input: {
      width: 2,
      height: 2,
      fit: 'squash',
      kernel: 'linear',
      mean: [0, 0, 0],
      std: [1, 1, 1],
      layout: 'nhwc',
    },
    embed: (inputs) => Promise.resolve(inputs.map(() => Float32Array.of(seen++, 0.5, -1))),
    close: () => Promise.resolve(),
  }
}
const set = (count: number): LabelledSet => ({
  name: 's',
  images: Array.from({ length: count }, (_, n) => ({ path: picture, label: `c"${n % 2},` })),
})

beforeAll(async () => {
  mkdirSync(out)
  await sharp({ create: { width: 2, height: 2, channels: 3, background: 'red' } })
    .png()
    .toFile(picture)
})
afterAll(() => {
  rmSync(root, { recursive: true, force: true })
})

describe('embeddings in a file', () => {
  it('are a NumPy matrix in the order of the set, whatever the number of chunks', async () => {
    const progress: number[] = []
    // More than two chunks of 1024.
    const result = await embedToFile(counting(), tableOfSet(set(2100)), file, {
      concurrency: 1,
      onProgress: (done) => progress.push(done),
    })
    expect(result).toMatchObject({ rows: 2100, dimensions: 3, failures: [] })
    const bytes = readFileSync(file)
    const headerLength = bytes.readUInt16LE(8)
    expect((10 + headerLength) % 64).toBe(0)
    expect(bytes.subarray(0, 8)).toEqual(Buffer.from('\x93NUMPY\x01\x00', 'latin1'))
    expect(bytes.subarray(10, 10 + headerLength).toString('ascii')).toMatch(
      /^\{'descr': '<f4', 'fortran_order': False, 'shape': \(2100, 3\), \} *\n$/,
    )
    const value = (row: number, column: number): number =>
      bytes.readFloatLE(10 + headerLength + 4 * (3 * row + column))
    for (const row of [0, 1023, 1024, 2099]) {
      expect([value(row, 0), value(row, 1), value(row, 2)]).toEqual([row, 0.5, -1])
    }
    expect(bytes).toHaveLength(10 + headerLength + 4 * 3 * 2100)
    expect(progress.at(-1)).toBe(2100)
    expect(progress).toEqual([...progress].sort((a, b) => a - b))
  })

  it('have a CSV beside them that quotes what needs it', () => {
    const rows = parse<Record<string, string>>(readFileSync(path.join(out, 'set.csv')), { columns: true })
    expect(rows).toHaveLength(2100)
    expect(rows[1]).toEqual({ id: picture, label: 'c"1,', path: picture })
  })

  it('are left as they were when it fails half-way', async () => {
    const before = readFileSync(file)
    const failing = {
      ...counting(),
      embed: () => Promise.reject(new KindredError('EMBEDDER_FAILED', 'gone')),
    }
    await expect(embedToFile(failing, tableOfSet(set(3)), file)).rejects.toMatchObject({
      code: 'EMBEDDER_FAILED',
    })
    expect(readFileSync(file)).toEqual(before)
    expect(readdirSync(out).sort()).toEqual(['set.csv', 'set.npy'])
  })
})
