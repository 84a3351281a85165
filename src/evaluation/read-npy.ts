import { open } from 'node:fs/promises'
import { KindredError } from '../errors.js'

/** A float32 matrix, row by row. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float32Array
}

const prefix = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59])

/**
 * Reads a NumPy file (format versions 1 to 3) of a little-endian float32 matrix in C order, as `kindred embed` and
 * `numpy.save` write it (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 *
 * @throws KindredError INVALID_ARGUMENT for a file that cannot be read, is cut off, or holds something else
 */
export async function readNpy(file: string): Promise<Matrix> {
  const invalid = (why: string, cause?: unknown): KindredError =>
    new KindredError('INVALID_ARGUMENT', `${file} ${why}`, {
      cause,
      hint: 'Save a float32 matrix of one row a picture: numpy.save(file, x.astype("float32"))',
    })
  const handle = await open(file).catch((cause: unknown) => {
    throw invalid('cannot be read', cause)
  })
  try {
    const start = Buffer.alloc(12)
    const { bytesRead } = await handle.read(start, 0, 12, 0)
    if (bytesRead < 12 || !start.subarray(0, 6).equals(prefix)) throw invalid('is not a NumPy file')
    const wide = (start[6] ?? 1) > 1
    const headerStart = wide ? 12 : 10
    const header = Buffer.alloc(Math.min(wide ? start.readUInt32LE(8) : start.readUInt16LE(8), 65_536))
    await handle.read(header, 0, header.length, headerStart)
    const text = header.toString('latin1')
    const [, descr] = /'descr':\s*'([^']*)'/.exec(text) ?? []
    const [, rows, columns] = /'shape':\s*\((\d+),\s*(\d+),?\s*\)/.exec(text) ?? []
    if (descr !== '<f4') throw invalid(`holds ${descr ?? 'no plain numbers'}, not little-endian float32`)
    if (!/'fortran_order':\s*False/.test(text)) throw invalid('is in Fortran order')
    if (rows === undefined || columns === undefined) throw invalid('holds no matrix')
    const values = new Float32Array(Number(rows) * Number(columns))
    const bytes = new Uint8Array(values.buffer)
    const { size } = await handle.stat()
    if (size < headerStart + header.length + bytes.byteLength) throw invalid('is cut off')
    // In pieces: one read takes no more than 2 GiB.
    const piece = 2 ** 30
    for (let at = 0; at < bytes.byteLength; at += piece) {
      const length = Math.min(piece, bytes.byteLength - at)
      await handle.read(bytes, at, length, headerStart + header.length + at)
    }
    return { rows: Number(rows), columns: Number(columns), values }
  } finally {
    await handle.close()
  }
}
