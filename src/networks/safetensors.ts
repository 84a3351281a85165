import { expected } from '../errors.js'
import { fromBfloat16, fromFloat16 } from './half-precision.js'
import { readSafetensorsHeader, type TensorEntry } from './safetensors-header.js'
import { sizeOf, type NamedTensor, type TensorMap } from './tensor-map.js'

/** Tensors start at a multiple of this many bytes, so that readers may map the file and use it in place. */
const alignment = 64

/**
 * Reads a whole safetensors file. F16 and BF16 are widened to float32; so are whole numbers (I64), which published
 * files hold as counts.
 *
 * @throws KindredError WEIGHTS_INVALID when the file is damaged, ambiguous or holds other types
 */
export function readSafetensors(file: Uint8Array): {
  tensors: TensorMap
  metadata: Readonly<Record<string, string>>
} {
  const { entries, metadata } = readSafetensorsHeader(file)
  const tensors = new Map<string, NamedTensor>()
  for (const entry of entries) tensors.set(entry.name, { shape: entry.shape, data: readValues(file, entry) })
  return { tensors, metadata }
}

function readValues(file: Uint8Array, { dtype, offset, bytes }: TensorEntry): Float32Array {
  // A copy, because typed arrays must start at a multiple of their value's size and a file need not honour that; not
  // by slice(), which in a Buffer gives a view.
  const { buffer } = new Uint8Array(file.subarray(offset, offset + bytes))
  switch (dtype) {
    case 'F32':
      return new Float32Array(buffer)
    case 'F16':
      return fromFloat16(new Uint16Array(buffer))
    case 'BF16':
      return fromBfloat16(new Uint16Array(buffer))
    case 'I64':
      return Float32Array.from(new BigInt64Array(buffer), Number)
  }
}

/**
 * Writes tensors as float32, in the map's order, each at a multiple of four bytes and the first at one of 64.
 *
 * @throws KindredError INVALID_ARGUMENT when a tensor's values do not fill its shape
 */
export function writeSafetensors(
  tensors: TensorMap,
  metadata: Readonly<Record<string, string>> = {},
): Uint8Array {
  const header: Record<string, unknown> = { __metadata__: metadata }
  let end = 0
  for (const [name, { shape, data }] of tensors) {
    if (data.length !== sizeOf(shape)) {
      throw expected(`${sizeOf(shape)} values for shape [${shape.join(', ')}]`, name, data.length)
    }
    header[name] = { dtype: 'F32', shape, data_offsets: [end, end + data.byteLength] }
    end += data.byteLength
  }
  const json = new TextEncoder().encode(JSON.stringify(header))
  const start = Math.ceil((8 + json.length) / alignment) * alignment
  const file = new Uint8Array(start + end).fill(0x20, 8, start)
  new DataView(file.buffer).setBigUint64(0, BigInt(start - 8), true)
  file.set(json, 8)
  let offset = start
  for (const { data } of tensors.values()) {
    file.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength), offset)
    offset += data.byteLength
  }
  return file
}
