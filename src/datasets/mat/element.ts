import { inflateSync } from 'node:zlib'
import { KindredError } from '../../errors.js'

/** One data element: its type and its bytes, uncompressed. */
export interface MatElement {
  readonly type: number
  readonly bytes: DataView
}

/** Types of data elements, table 1-1 of "MAT-File Format" (MathWorks). */
export const elementType = {
  int8: 1,
  uint8: 2,
  int16: 3,
  uint16: 4,
  int32: 5,
  uint32: 6,
  single: 7,
  double: 9,
  int64: 12,
  uint64: 13,
  matrix: 14,
  compressed: 15,
  utf8: 16,
  utf16: 17,
} as const

/** The annotations of the published sets come to a few MB; a file that swells past this is none. */
const largestInflated = 256 * 1024 ** 2

/**
 * Reads the elements that lie one behind the other. One of at most four bytes may lie in its own tag, each but a
 * compressed one is padded to eight bytes, and a compressed one holds a single element.
 *
 * @throws KindredError DATASET_INVALID when one reaches beyond the end or cannot be inflated
 */
export function* readElements(bytes: DataView, littleEndian: boolean): Generator<MatElement> {
  let at = 0
  const cut = (): KindredError => new KindredError('DATASET_INVALID', 'the MATLAB data end too early')
  while (at < bytes.byteLength) {
    if (at + 8 > bytes.byteLength) throw cut()
    const word = bytes.getUint32(at, littleEndian)
    const isSmall = word >>> 16 !== 0
    const type = isSmall ? word & 0xffff : word
    const size = isSmall ? word >>> 16 : bytes.getUint32(at + 4, littleEndian)
    const start = isSmall ? at + 4 : at + 8
    if (start + size > bytes.byteLength || (isSmall && size > 4)) throw cut()
    const content = new DataView(bytes.buffer, bytes.byteOffset + start, size)
    if (type === elementType.compressed) yield* readElements(inflate(content), littleEndian)
    else yield { type, bytes: content }
    const padded = type === elementType.compressed ? size : Math.ceil(size / 8) * 8
    at = isSmall ? at + 8 : start + padded
  }
}

function inflate(content: DataView): DataView {
  try {
    const packed = new Uint8Array(content.buffer, content.byteOffset, content.byteLength)
    const { buffer, byteOffset, byteLength } = inflateSync(packed, { maxOutputLength: largestInflated })
    return new DataView(buffer, byteOffset, byteLength)
  } catch (cause) {
    throw new KindredError('DATASET_INVALID', 'the compressed MATLAB data are damaged', { cause })
  }
}
