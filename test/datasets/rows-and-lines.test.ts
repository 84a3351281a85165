import { writeFileSync } from 'node:fs'
import path from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readCsv } from '../../src/datasets/csv-rows.js'
import { readLines } from '../../src/datasets/text-lines.js'
import { KindredError } from '../../src/errors.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const fileForTest = (): string => path.join(temporaryFolder(), 'any')
const newline = fc.constantFrom('\n', '\r\n')
const bom = fc.constantFrom('', '\ufeff')
/** Text with all that CSV has to quote. */
const cell = fc.string({ unit: fc.constantFrom('a', 'é', '靴', '"', ',', ';', '\n', ' '), maxLength: 6 })

async function all<T>(values: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = []
  for await (const value of values) found.push(value)
  return found
}

it('reads the cells of a CSV as they were written, whatever is in them', async () => {
  const file = fileForTest()
  const row = fc.array(cell, { minLength: 2, maxLength: 4 })
  await fc.assert(
    fc.asyncProperty(fc.array(row, { maxLength: 8 }), newline, bom, async (rows, end, mark) => {
      const quoted = rows.map((cells) => cells.map((text) => `"${text.replaceAll('"', '""')}"`).join(','))
      writeFileSync(file, mark + ['id,image', ...quoted].join(end))
      const read = await readCsv(file)
      expect(read.header).toEqual(['id', 'image'])
      expect((await all(read.rows)).map(({ cells }) => cells.map((text) => text.trim()))).toEqual(
        rows.map((cells) => cells.map((text) => text.trim())),
      )
    }),
    { numRuns: 60 },
  )
})

it('reads any bytes as CSV, or says what is wrong with the file', async () => {
  const file = fileForTest()
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (bytes) => {
      writeFileSync(file, bytes)
      try {
        await all((await readCsv(file, 64)).rows)
      } catch (thrown) {
        expect(thrown).toBeInstanceOf(KindredError)
        expect(thrown).toMatchObject({ code: 'DATASET_INVALID' })
      }
    }),
    { numRuns: 100 },
  )
})

it('reads the lines of a file as they were written, and counts the empty ones', async () => {
  const file = fileForTest()
  const text = fc.string({ unit: fc.constantFrom('a', 'é', '靴', '{', '"', ' '), maxLength: 8 })
  await fc.assert(
    fc.asyncProperty(fc.array(text, { maxLength: 8 }), newline, bom, async (lines, end, mark) => {
      writeFileSync(file, mark + lines.join(end))
      const expected = lines.flatMap((one, at) =>
        one.trim() === '' ? [] : [{ line: at + 1, text: one.trim(), problem: null }],
      )
      expect(await all(readLines(file, 1000).lines)).toEqual(expected)
    }),
    { numRuns: 60 },
  )
})

it('takes a line that is too long, or not UTF-8, out of any bytes and goes on with the next', async () => {
  const file = fileForTest()
  const bytes = fc.uint8Array({ maxLength: 120 })
  await fc.assert(
    fc.asyncProperty(bytes, async (some) => {
      writeFileSync(file, Buffer.concat([some, Buffer.from('\nlast')]))
      const lines = await all(readLines(file, 40).lines)
      expect(lines.at(-1)).toMatchObject({
        text: 'last',
        line: some.filter((byte) => byte === 10).length + 2,
      })
      for (const { text, problem } of lines) expect(text === null).toBe(problem !== null)
    }),
    { numRuns: 100 },
  )
})

it('tells how far it has given rows, also of a file that is read at once', async () => {
  const file = fileForTest()
  writeFileSync(file, 'id,image\na,1\nb,2\n')
  const csv = await readCsv(file)
  const shares = [csv.bytesRead()]
  for await (const row of csv.rows) {
    expect(row.cells).toHaveLength(2)
    shares.push(csv.bytesRead())
  }
  expect(shares).toEqual([9, 13, 17])

  const text = readLines(file, 100)
  const read: number[] = []
  for await (const { line } of text.lines) read[line] = text.bytesRead()
  expect(read.slice(1)).toEqual([9, 13, 17])
  expect(text.bytesRead()).toBe(17)
})
