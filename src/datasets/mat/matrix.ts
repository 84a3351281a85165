import { KindredError } from '../../errors.js'
import { elementType, readElements, type MatElement } from './element.js'
import type { MatValue } from './mat-value.js'
import { numbersOf, textOf } from './numbers.js'

export interface MatVariable {
  readonly name: string
  readonly value: MatValue
}

/** Array classes, table 1-3 of "MAT-File Format"; 6 to 15 are numbers. */
const cells = 1
const struct = 2
const char = 4
const firstNumeric = 6
const lastNumeric = 15

/**
 * Reads an array element: flags, dimensions, name, then what its class holds.
 *
 * @throws KindredError DATASET_INVALID when it is damaged, or of a class that annotations do not use (objects,
 * sparse arrays, functions)
 */
export function readMatrix(element: MatElement, littleEndian: boolean): MatVariable {
  if (element.type !== elementType.matrix) throw damaged(`an element of type ${element.type} for an array`)
  // MATLAB writes an unset field so.
  if (element.bytes.byteLength === 0) return { name: '', value: { kind: 'numbers', values: [] } }
  const parts = readElements(element.bytes, littleEndian)
  const next = (): MatElement => {
    const part = parts.next()
    if (part.done === true) throw damaged('an array that lacks a part')
    return part.value
  }
  const nextValue = (): MatValue => readMatrix(next(), littleEndian).value

  const arrayClass = (numbersOf(next(), littleEndian)[0] ?? 0) & 0xff
  const count = numbersOf(next(), littleEndian).reduce((product, side) => product * side, 1)
  const name = textOf(next(), littleEndian)
  if (arrayClass >= firstNumeric && arrayClass <= lastNumeric) {
    return { name, value: { kind: 'numbers', values: numbersOf(next(), littleEndian) } }
  }
  switch (arrayClass) {
    case char:
      return { name, value: { kind: 'text', text: textOf(next(), littleEndian) } }
    case cells: {
      const found: MatValue[] = []
      while (found.length < count) found.push(nextValue())
      return { name, value: { kind: 'cells', cells: found } }
    }
    case struct: {
      const fields = fieldNames(next(), next(), littleEndian)
      const structs: Map<string, MatValue>[] = []
      // Without a field nothing would end it.
      while (fields.length > 0 && structs.length < count) {
        structs.push(new Map(fields.map((field) => [field, nextValue()] as const)))
      }
      return { name, value: { kind: 'structs', structs } }
    }
    default:
      throw damaged(`an array of class ${arrayClass}, which is not numbers, text, cells or a struct`)
  }
}

/** Names of `length` bytes each, ended by a zero byte. */
function fieldNames(length: MatElement, names: MatElement, littleEndian: boolean): string[] {
  const width = numbersOf(length, littleEndian)[0] ?? 0
  if (width < 1) throw damaged('a struct without widths of its names')
  const text = textOf(names, littleEndian)
  return Array.from({ length: Math.floor(text.length / width) }, (_, n) => {
    const padded = text.slice(n * width, (n + 1) * width)
    const end = padded.indexOf('\0')
    return end < 0 ? padded : padded.slice(0, end)
  })
}

const damaged = (what: string): KindredError =>
  new KindredError('DATASET_INVALID', `the MATLAB data hold ${what}`)
