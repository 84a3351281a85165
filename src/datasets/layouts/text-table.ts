import { readFile } from 'node:fs/promises'
import { KindredError } from '../../errors.js'

/** A row of a list of words between blanks, as published data sets have them. */
export interface TextRow {
  readonly cells: readonly string[]
  /** @throws KindredError DATASET_INVALID that names file and line */
  readonly fail: (what: string) => never
}

/**
 * Reads a list of `columns` words a line, empty lines aside. The last word may hold blanks.
 *
 * @param options.skip lines at the top that are none of it
 * @throws KindredError DATASET_INVALID that names file and line
 */
export async function readTextTable(
  file: string,
  columns: number,
  options: { skip?: number } = {},
): Promise<TextRow[]> {
  const { skip = 0 } = options
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new KindredError('DATASET_INVALID', `The list ${file} cannot be read`, { cause })
  })
  return text.split('\n').flatMap((line, index) => {
    const words = line.trim().split(/\s+/)
    if (index < skip || words[0] === '') return []
    const fail = (what: string): never => {
      throw new KindredError('DATASET_INVALID', `${file}, line ${index + 1}: ${what}`)
    }
    if (words.length < columns) return fail(`expected ${columns} words but received ${words.length}`)
    const cells = [...words.slice(0, columns - 1), words.slice(columns - 1).join(' ')]
    return [{ cells, fail }]
  })
}

/** A list of `key value...` as a map; a key that comes twice is refused. @throws KindredError DATASET_INVALID */
export async function readTextMap(file: string, columns: number): Promise<Map<string, readonly string[]>> {
  const rows = await readTextTable(file, columns)
  const map = new Map<string, readonly string[]>()
  for (const { cells, fail } of rows) {
    const [key = '', ...values] = cells
    if (map.has(key)) fail(`${key} came before`)
    map.set(key, values)
  }
  return map
}
