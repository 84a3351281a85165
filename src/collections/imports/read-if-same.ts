import { KindredError } from '../../errors.js'
import { hashOfBytes, readWithin } from './read-picture.js'

/** The bytes of a file that was indexed once; null where it is gone, or another by now: its content hash tells. */
export async function readIfSame(
  path: string,
  contentHash: string | null,
  maxBytes: number,
): Promise<Uint8Array | null> {
  try {
    const bytes = await readWithin({ file: path, name: path }, maxBytes)
    return hashOfBytes(bytes) === contentHash ? bytes : null
  } catch (thrown) {
    if (thrown instanceof KindredError) return null
    throw thrown
  }
}
