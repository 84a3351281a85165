import { open, type FileHandle } from 'node:fs/promises'
import { endianness } from 'node:os'
import { KindredError } from '../errors.js'

const prefix = Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59])
const longestHeader = 65_536
/** One read takes no more than 2 GiB. */
const piece = 2 ** 30
const bigEndian = endianness() === 'BE'

/** A float32 matrix on disk, read by pieces. */
export interface NpyFile {
  readonly rows: number
  readonly columns: number
  /** @returns rows `first` to `first + count - 1`, one after the other */
  read(first: number, count: number): Promise<Float32Array>
  close(): Promise<void>
}

/**
 * Opens a NumPy file (format versions 1 to 3) of a little-endian float32 matrix in C order, as `kindred embed` and
 * `numpy.save` write it (https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html).
 *
 * @throws KindredError INVALID_ARGUMENT for a file that cannot be read, is cut off, or holds something else
 */
export async function openNpy(file: string): Promise<NpyFile> {
  const handle = await open(file).catch((cause: unknown) => {
    throw invalid(file, 'cannot be read', cause)
  })
  try {
    const { rows, columns, valuesAt } = await readHeader(file, handle)
    const { size } = await handle.stat()
    if (size < valuesAt + 4 * rows * columns) throw invalid(file, 'is cut off')
    return {
      rows,
      columns,
      async read(first, count) {
        const values = new Float32Array(count * columns)
        const bytes = Buffer.from(values.buffer)
        await fill(file, handle, bytes, valuesAt + 4 * first * columns)
        if (bigEndian) bytes.swap32()
        return values
      },
      close: () => handle.close(),
    }
  } catch (thrown) {
    await handle.close()
    throw thrown
  }
}

async function readHeader(
  file: string,
  handle: FileHandle,
): Promise<{ rows: number; columns: number; valuesAt: number }> {
  const start = Buffer.alloc(12)
  const { bytesRead } = await handle.read(start, 0, 12, 0)
  if (bytesRead < 12 || !start.subarray(0, 6).equals(prefix)) throw invalid(file, 'is not a NumPy file')
  const wide = (start[6] ?? 1) > 1
  const headerAt = wide ? 12 : 10
  const header = Buffer.alloc(Math.min(wide ? start.readUInt32LE(8) : start.readUInt16LE(8), longestHeader))
  await handle.read(header, 0, header.length, headerAt)
  const text = header.toString('latin1')
  const [, descr] = /'descr':\s*'([^']*)'/.exec(text) ?? []
  const [, rows, columns] = /'shape':\s*\((\d+),\s*(\d+),?\s*\)/.exec(text) ?? []
  if (descr !== '<f4') throw invalid(file, `holds ${descr ?? 'no plain numbers'}, not little-endian float32`)
  if (!/'fortran_order':\s*False/.test(text)) throw invalid(file, 'is in Fortran order')
  if (rows === undefined || columns === undefined) throw invalid(file, 'holds no matrix')
  return { rows: Number(rows), columns: Number(columns), valuesAt: headerAt + header.length }
}

async function fill(file: string, handle: FileHandle, bytes: Buffer, from: number): Promise<void> {
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, at, Math.min(piece, bytes.length - at), from + at)
    // The file was long enough when it was opened.
    if (bytesRead === 0) throw invalid(file, 'became shorter while it was read')
    at += bytesRead
  }
}

const invalid = (file: string, why: string, cause?: unknown): KindredError =>
  new KindredError('INVALID_ARGUMENT', `${file} ${why}`, {
    cause,
    hint: 'Save a float32 matrix of one row a picture: numpy.save(file, x.astype("float32"))',
  })
