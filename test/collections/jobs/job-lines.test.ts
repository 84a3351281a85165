import { Readable } from 'node:stream'
import { expect, it } from 'vitest'
import { errorsAsCsv } from '../../../src/collections/jobs/job-lines.js'
import { formulaCells } from '../../support/formula-cells.js'

it.each(formulaCells)(
  '%j is no formula in the CSV of errors, as an id and in a reason',
  async (cell, written) => {
    const error = { row: 3, id: cell, code: 'IMAGE_EMPTY', reason: cell } as const
    const lines = await Readable.from(errorsAsCsv(() => ({ items: [error], nextCursor: null }))).toArray()
    expect(lines.slice(1)).toEqual([expect.stringMatching(/\n$/)])
    expect(String(lines[1]).trimEnd()).toBe(`3,${written},IMAGE_EMPTY,${written}`)
  },
)
