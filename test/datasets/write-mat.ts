import { deflateSync } from 'node:zlib'

/** A value to write: a number, text, a list of values (a cell array) or rows of fields (a struct array). */
export type Writable =
  | number
  | string
  | { readonly cells: readonly Writable[] }
  | { readonly structs: readonly Readonly<Record<string, Writable>>[] }

interface Form {
  readonly littleEndian: boolean
  readonly compressed: boolean
}

/**
 * A MATLAB file of version 5, written from the description of the format and apart from the reader: whole numbers
 * packed into the smallest type as MATLAB does, text as UTF-16, small elements within their tags.
 */
export function writeMat(
  variables: Readonly<Record<string, Writable>>,
  form: Partial<Form> = {},
): Uint8Array {
  const { littleEndian = true, compressed = false } = form
  const header = new Uint8Array(128).fill(0x20)
  header.set(new TextEncoder().encode('MATLAB 5.0 MAT-file, written by a test'))
  const view = new DataView(header.buffer)
  view.setUint16(124, 0x0100, littleEndian)
  view.setUint16(126, 0x4d49, littleEndian)
  const matrices = Object.entries(variables).map(([name, value]) => {
    const matrix = matrixOf(name, value, littleEndian)
    return compressed ? concat([tag(15, deflateSync(matrix), littleEndian, false)]) : matrix
  })
  return concat([header, ...matrices])
}

function matrixOf(name: string, value: Writable, little: boolean): Uint8Array {
  const words = (type: number, numbers: readonly number[]): Uint8Array => {
    const bytes = new DataView(new ArrayBuffer(4 * numbers.length))
    numbers.forEach((number, n) => {
      bytes.setInt32(4 * n, number, little)
    })
    return tag(type, new Uint8Array(bytes.buffer), little)
  }
  const ascii = (text: string): Uint8Array => tag(1, new TextEncoder().encode(text), little)
  const array = (kind: number, columns: number, content: readonly Uint8Array[]): Uint8Array =>
    tag(14, concat([words(6, [kind, 0]), words(5, [1, columns]), ascii(name), ...content]), little)

  if (typeof value === 'number') return array(6, 1, [packed(value, little)])
  if (typeof value === 'string') {
    const units = new DataView(new ArrayBuffer(2 * value.length))
    for (let n = 0; n < value.length; n++) units.setUint16(2 * n, value.charCodeAt(n), little)
    return array(4, value.length, [tag(4, new Uint8Array(units.buffer), little)])
  }
  if ('cells' in value) {
    return array(
      1,
      value.cells.length,
      value.cells.map((cell) => matrixOf('', cell, little)),
    )
  }
  const fields = Object.keys(value.structs[0] ?? {})
  const content = value.structs.flatMap((struct) =>
    fields.map((field) => matrixOf('', struct[field] ?? 0, little)),
  )
  const names = fields.map((field) => field.padEnd(32, '\0')).join('')
  return array(2, value.structs.length, [words(5, [32]), ascii(names), ...content])
}

/** One number in the smallest type that holds it. */
function packed(value: number, little: boolean): Uint8Array {
  const bytes = new DataView(new ArrayBuffer(8))
  if (!Number.isInteger(value) || value < 0 || value > 0xffff) {
    bytes.setFloat64(0, value, little)
    return tag(9, new Uint8Array(bytes.buffer), little)
  }
  if (value > 0xff) {
    bytes.setUint16(0, value, little)
    return tag(4, new Uint8Array(bytes.buffer, 0, 2), little)
  }
  return tag(2, new Uint8Array([value]), little)
}

function tag(type: number, content: Uint8Array, little: boolean, padded = true): Uint8Array {
  const small = content.length > 0 && content.length <= 4
  const rounded = padded ? Math.ceil(content.length / 8) * 8 : content.length
  const bytes = new Uint8Array(small ? 8 : 8 + rounded)
  const view = new DataView(bytes.buffer)
  if (small) {
    view.setUint32(0, content.length * 0x10000 + type, little)
    bytes.set(content, 4)
  } else {
    view.setUint32(0, type, little)
    view.setUint32(4, content.length, little)
    bytes.set(content, 8)
  }
  return bytes
}

const concat = (parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts))
