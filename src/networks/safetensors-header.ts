import { KindredError } from '../errors.js'
import { sizeOf } from './tensor-map.js'

/** Where one tensor lies in a safetensors file. */
export interface TensorEntry {
  readonly name: string
  readonly dtype: Dtype
  readonly shape: readonly number[]
  /** Position of its first byte, counted from the start of the file. */
  readonly offset: number
  readonly bytes: number
}

export type Dtype = keyof typeof bytesPerValue
const bytesPerValue = { F32: 4, F16: 2, BF16: 2, I64: 8 }

/** The reference implementation refuses longer headers too. */
const maxHeaderBytes = 100_000_000

const invalid = (message: string): KindredError => new KindredError('WEIGHTS_INVALID', message)

/**
 * Reads and checks the header of a safetensors file: 8 bytes little-endian length, then JSON, then the tensors
 * without overlap or gap (https://github.com/huggingface/safetensors#format).
 *
 * @returns tensors in the order in which they lie in the file, and the file's `__metadata__`
 * @throws KindredError WEIGHTS_INVALID
 */
export function readSafetensorsHeader(file: Uint8Array): {
  entries: readonly TensorEntry[]
  metadata: Readonly<Record<string, string>>
} {
  if (file.byteLength < 8) throw invalid('The weights file is too short to hold a safetensors header')
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength)
  const length = Number(view.getBigUint64(0, true))
  if (length > maxHeaderBytes || length > file.byteLength - 8) {
    throw invalid(
      `The weights file claims a header of ${length} bytes; it is damaged or not a safetensors file`,
    )
  }
  const { __metadata__: metadata = {}, ...tensors } = parseHeader(file.subarray(8, 8 + length))
  if (!isStringRecord(metadata)) throw invalid('The metadata of the weights file must be texts by name')
  const start = 8 + length
  const entries = Object.entries(tensors)
    .map(([name, description]) => readEntry(name, description, start))
    .sort((a, b) => a.offset - b.offset || a.bytes - b.bytes)
  checkCoverage(entries, start, file.byteLength)
  return { entries, metadata }
}

function parseHeader(bytes: Uint8Array): Record<string, unknown> {
  let header: unknown
  let json: string
  try {
    json = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    header = JSON.parse(json)
  } catch (cause) {
    throw new KindredError('WEIGHTS_INVALID', 'The header of the weights file is not JSON', { cause })
  }
  if (!isRecord(header)) throw invalid('The header of the weights file must be a JSON object')
  const duplicate = firstDuplicateKey(json)
  if (duplicate !== undefined) throw invalid(`The weights file names ${duplicate} twice`)
  return header
}

/** JSON.parse keeps the last of two equal keys silently, so the text is scanned for keys of the outer object. */
function firstDuplicateKey(json: string): string | undefined {
  const seen = new Set<unknown>()
  let depth = 0
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"\s*:|"(?:[^"\\]|\\.)*"|[{}[\]]/g)) {
    if (token === '{' || token === '[') depth++
    else if (token === '}' || token === ']') depth--
    else if (depth === 1 && token.endsWith(':')) {
      const key: unknown = JSON.parse(token.slice(0, -1))
      if (seen.has(key)) return String(key)
      seen.add(key)
    }
  }
  return undefined
}

function readEntry(name: string, description: unknown, start: number): TensorEntry {
  if (!isRecord(description)) throw invalid(`The weights file does not describe ${name} as an object`)
  const { dtype, shape, data_offsets: offsets } = description
  if (!isDtype(dtype)) {
    const known = Object.keys(bytesPerValue).join(', ')
    throw invalid(`${name} in the weights file has type ${String(dtype)}; types read are ${known}`)
  }
  if (!isSizes(shape)) throw invalid(`The shape of ${name} in the weights file must list whole numbers`)
  if (!isSizes(offsets) || offsets.length !== 2) {
    throw invalid(`The offsets of ${name} in the weights file must be two whole numbers`)
  }
  const [begin = 0, end = 0] = offsets
  const bytes = sizeOf(shape) * bytesPerValue[dtype]
  if (end - begin !== bytes) {
    throw invalid(
      `${name} in the weights file spans ${end - begin} bytes, but ${dtype} [${shape.join(', ')}] takes ${bytes}`,
    )
  }
  return { name, dtype, shape, offset: start + begin, bytes }
}

function checkCoverage(entries: readonly TensorEntry[], start: number, end: number): void {
  let covered = start
  for (const { name, offset, bytes } of entries) {
    if (offset < covered) throw invalid(`${name} overlaps another tensor of the weights file`)
    if (offset > covered) throw invalid(`The weights file has unused bytes before ${name}`)
    covered = offset + bytes
  }
  if (covered > end) throw invalid(`The weights file ends ${covered - end} bytes too early`)
  if (covered < end) throw invalid(`The weights file has ${end - covered} unused bytes at its end`)
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isStringRecord = (value: unknown): value is Record<string, string> =>
  isRecord(value) && Object.values(value).every((text) => typeof text === 'string')

const isDtype = (value: unknown): value is Dtype =>
  typeof value === 'string' && Object.hasOwn(bytesPerValue, value)

const isSizes = (value: unknown): value is number[] =>
  Array.isArray(value) && value.every((side) => Number.isSafeInteger(side) && Number(side) >= 0)
