const magic = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0]
const headerBytes = 128

/**
 * The head of a NumPy file, format version 1.0, of a float32 matrix in C order.
 *
 * @returns 128 bytes whatever the shape; the values follow, little-endian, row by row
 */
export function npyHeader(rows: number, columns: number): Uint8Array {
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': (${rows}, ${columns}), }`
  const text = `${dictionary.padEnd(headerBytes - magic.length - 3)}\n`
  const bytes = new Uint8Array(headerBytes)
  bytes.set(magic)
  new DataView(bytes.buffer).setUint16(magic.length, text.length, true)
  bytes.set(Buffer.from(text, 'ascii'), magic.length + 2)
  return bytes
}
