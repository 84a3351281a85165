import { KindredError } from '../../errors.js'
import type { MatValue } from './mat-value.js'
import { readMat } from './read-mat.js'

/** One entry of a struct array, read field by field. */
export interface MatEntry {
  has(field: string): boolean
  /** @throws KindredError DATASET_INVALID that names file, entry and field */
  number(field: string): number
  /** @throws KindredError DATASET_INVALID that names file, entry and field */
  text(field: string): string
}

/** The entries of a file's struct array. @throws KindredError DATASET_INVALID */
export async function readEntries(file: string, variable: string): Promise<MatEntry[]> {
  const value = (await readMat(file)).get(variable)
  if (value?.kind !== 'structs') throw missing(file, `struct array ${variable}`)
  return value.structs.map((struct, index) => {
    const where = `${file}, ${variable}(${index + 1})`
    return {
      has: (field) => struct.has(field),
      number: (field) => {
        const found = struct.get(field)
        const [first] = found?.kind === 'numbers' ? found.values : []
        if (first === undefined) throw missing(where, `number ${field}`)
        return first
      },
      text: (field) => textFrom(struct.get(field)) ?? fail(where, `text ${field}`),
    }
  })
}

/** The texts of a file's cell array. @throws KindredError DATASET_INVALID */
export async function readTexts(file: string, variable: string): Promise<string[]> {
  const value = (await readMat(file)).get(variable)
  if (value?.kind !== 'cells') throw missing(file, `cell array ${variable}`)
  return value.cells.map((cell, index) => textFrom(cell) ?? fail(file, `text ${variable}{${index + 1}}`))
}

const textFrom = (value: MatValue | undefined): string | undefined =>
  value?.kind === 'text' && value.text !== '' ? value.text : undefined

const missing = (where: string, what: string): KindredError =>
  new KindredError('DATASET_INVALID', `${where} has no ${what}`)

const fail = (where: string, what: string): never => {
  throw missing(where, what)
}
