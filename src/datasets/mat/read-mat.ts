import { readFile } from 'node:fs/promises'
import { KindredError } from '../../errors.js'
import { readElements } from './element.js'
import type { MatValue } from './mat-value.js'
import { readMatrix } from './matrix.js'

const headerBytes = 128

/**
 * Reads a MATLAB file of version 5 (what MATLAB saves as -v6 and -v7, and scipy.io.savemat), as far as annotations go:
 * numbers, text, cells and struct arrays, compressed or not, of either byte order. From the layout in "MAT-File
 * Format" (MathWorks). Imaginary parts are passed over.
 *
 * @returns its variables by name
 * @throws KindredError DATASET_INVALID that names the file; version 7.3, which is HDF5, among others
 */
export async function readMat(file: string): Promise<ReadonlyMap<string, MatValue>> {
  const content = await readFile(file).catch((cause: unknown) => {
    throw new KindredError('DATASET_INVALID', `${file} cannot be read`, { cause })
  })
  try {
    return parseMat(content)
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new KindredError('DATASET_INVALID', `${file}: ${reason}`, { cause })
  }
}

function parseMat(content: Uint8Array): Map<string, MatValue> {
  const bytes = new DataView(content.buffer, content.byteOffset, content.byteLength)
  const littleEndian = byteOrder(bytes)
  const body = new DataView(content.buffer, content.byteOffset + headerBytes, content.length - headerBytes)
  const variables = new Map<string, MatValue>()
  for (const element of readElements(body, littleEndian)) {
    const { name, value } = readMatrix(element, littleEndian)
    variables.set(name, value)
  }
  return variables
}

/** The header ends with the version and `MI`, both in the byte order of the machine that wrote them. */
function byteOrder(bytes: DataView): boolean {
  if (bytes.byteLength >= headerBytes) {
    const littleEndian = bytes.getUint16(126, true) === 0x4d49
    const known = littleEndian || bytes.getUint16(126, false) === 0x4d49
    if (known && bytes.getUint16(124, littleEndian) === 0x0100) return littleEndian
  }
  throw new KindredError('DATASET_INVALID', 'not a MATLAB file of version 5', {
    hint: 'Save it from MATLAB with -v7, or with scipy.io.savemat',
  })
}
