import { describe, expect, it } from 'vitest'
import { readSafetensorsHeader } from '../../src/networks/safetensors-header.js'
import { readSafetensors, writeSafetensors } from '../../src/networks/safetensors.js'
import type { TensorMap } from '../../src/networks/tensor-map.js'

const tensors: TensorMap = new Map([
  ['a.weight', { shape: [2, 3], data: Float32Array.of(1, -2, 3.5, 0, 1e-20, 6) }],
  ['a.bias', { shape: [2], data: Float32Array.of(0.25, -0.25) }],
  ['scalar', { shape: [], data: Float32Array.of(7) }],
  ['empty', { shape: [0, 4], data: new Float32Array() }],
])

/** A file with this header, as text or JSON, and this many bytes of tensors. */
function fileOf(header: unknown, bodyBytes: number, claimedLength?: number): Uint8Array {
  const json = Buffer.from(typeof header === 'string' ? header : JSON.stringify(header))
  const length = Buffer.alloc(8)
  length.writeBigUInt64LE(BigInt(claimedLength ?? json.length))
  return Buffer.concat([length, json, Buffer.alloc(bodyBytes)])
}
const entry = (from: number, to: number, shape: unknown = [(to - from) / 4], dtype = 'F32'): unknown => ({
  dtype,
  shape,
  data_offsets: [from, to],
})
const refusal = (file: Uint8Array): unknown => {
  try {
    readSafetensors(file)
  } catch (error) {
    return error
  }
  return undefined
}

describe('safetensors', () => {
  it('gives back what was written', () => {
    const { tensors: read, metadata } = readSafetensors(writeSafetensors(tensors, { licence: 'Apache-2.0' }))
    expect([...read]).toEqual([...tensors])
    expect(metadata).toEqual({ licence: 'Apache-2.0' })
  })

  it('reads from a Buffer, and from the middle of one, at any byte', () => {
    const file = writeSafetensors(tensors)
    for (const shift of [0, 1, 3]) {
      const padded = Buffer.concat([Buffer.alloc(shift), file])
      expect([...readSafetensors(padded.subarray(shift)).tensors]).toEqual([...tensors])
    }
  })

  it('pads the header so that tensors start at a multiple of 64 bytes', () => {
    const file = writeSafetensors(tensors)
    const [first] = readSafetensorsHeader(file).entries
    expect((first?.offset ?? 1) % 64).toBe(0)
    expect(file.at((first?.offset ?? 0) - 1)).toBe(0x20)
  })

  it('widens half precision exactly', () => {
    const header = { half: entry(0, 12, [6], 'F16'), brain: entry(12, 18, [3], 'BF16') }
    const file = fileOf(header, 18)
    const view = new DataView(file.buffer, file.byteOffset + file.byteLength - 18)
    const halves = [0x3c00, 0xc000, 0x0001, 0x7bff, 0xfc00, 0x3555]
    halves.forEach((bits, index) => {
      view.setUint16(2 * index, bits, true)
    })
    const brains = [0x3f80, 0xc040, 0x0080]
    brains.forEach((bits, index) => {
      view.setUint16(12 + 2 * index, bits, true)
    })
    const { tensors: read } = readSafetensors(file)
    expect([...(read.get('half')?.data ?? [])]).toEqual([1, -2, 2 ** -24, 65504, -Infinity, 0.333251953125])
    expect([...(read.get('brain')?.data ?? [])]).toEqual([1, -3, 2 ** -126])
  })

  it.each<[string, Uint8Array]>([
    ['nothing', new Uint8Array()],
    ['fewer than eight bytes', new Uint8Array(7)],
    ['a header longer than the file', fileOf({}, 0, 1000)],
    ['an absurd header length', fileOf({}, 0, 2 ** 53)],
    ['a header that is not JSON', fileOf('{"a":', 0)],
    ['a header that is a list', fileOf([], 0)],
    ['metadata that is not text', fileOf({ __metadata__: { a: 1 } }, 0)],
    ['an unknown type', fileOf({ a: entry(0, 8, [1], 'F64') }, 8)],
    ['a negative side', fileOf({ a: entry(0, 4, [-1]) }, 4)],
    ['a shape that does not fill its bytes', fileOf({ a: entry(0, 8, [3]) }, 8)],
    ['offsets the wrong way round', fileOf({ a: entry(8, 0, [2]) }, 8)],
    ['tensors that overlap', fileOf({ a: entry(0, 8), b: entry(4, 12) }, 12)],
    ['a gap between tensors', fileOf({ a: entry(0, 4), b: entry(8, 12) }, 12)],
    ['a tensor past the end', fileOf({ a: entry(0, 8) }, 4)],
    ['bytes that no tensor owns', fileOf({ a: entry(0, 4) }, 8)],
    [
      'a name given twice',
      fileOf(`{"a":${JSON.stringify(entry(0, 4))},"\\u0061":${JSON.stringify(entry(0, 4))}}`, 4),
    ],
  ])('refuses %s', (_, file) => {
    expect(refusal(file)).toMatchObject({ code: 'WEIGHTS_INVALID' })
  })

  it('refuses to write values that do not fill the shape', () => {
    const wrong: TensorMap = new Map([['a', { shape: [3], data: new Float32Array(2) }]])
    expect(() => writeSafetensors(wrong)).toThrow('3 values')
  })
})
