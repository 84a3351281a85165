import { KindredError } from '../../errors.js'
import { elementType, type MatElement } from './element.js'

type Reader = readonly [bytes: number, read: (view: DataView, at: number, little: boolean) => number]

const readers: ReadonlyMap<number, Reader> = new Map<number, Reader>([
  [elementType.int8, [1, (view, at) => view.getInt8(at)]],
  [elementType.uint8, [1, (view, at) => view.getUint8(at)]],
  [elementType.int16, [2, (view, at, little) => view.getInt16(at, little)]],
  [elementType.uint16, [2, (view, at, little) => view.getUint16(at, little)]],
  [elementType.int32, [4, (view, at, little) => view.getInt32(at, little)]],
  [elementType.uint32, [4, (view, at, little) => view.getUint32(at, little)]],
  [elementType.single, [4, (view, at, little) => view.getFloat32(at, little)]],
  [elementType.double, [8, (view, at, little) => view.getFloat64(at, little)]],
  [elementType.int64, [8, (view, at, little) => Number(view.getBigInt64(at, little))]],
  [elementType.uint64, [8, (view, at, little) => Number(view.getBigUint64(at, little))]],
])

/** An element's numbers, of whatever type the file packs them into. @throws KindredError DATASET_INVALID */
export function numbersOf({ type, bytes }: MatElement, littleEndian: boolean): number[] {
  const reader = readers.get(type)
  if (reader === undefined || bytes.byteLength % reader[0] !== 0) {
    throw new KindredError('DATASET_INVALID', `MATLAB data of type ${type} where numbers belong`)
  }
  const [size, read] = reader
  return Array.from({ length: bytes.byteLength / size }, (_, n) => read(bytes, n * size, littleEndian))
}

/** An element's text: UTF-8, UTF-16 or one code unit a number. @throws KindredError DATASET_INVALID */
export function textOf(element: MatElement, littleEndian: boolean): string {
  const { type, bytes } = element
  if (type === elementType.utf8) return new TextDecoder().decode(bytes)
  const units =
    type === elementType.utf16
      ? numbersOf({ type: elementType.uint16, bytes }, littleEndian)
      : numbersOf(element, littleEndian)
  return units.map((unit) => String.fromCharCode(unit)).join('')
}
