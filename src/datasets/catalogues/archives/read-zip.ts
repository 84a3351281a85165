import { openPromise, type Entry, type ZipFile } from 'yauzl'
import { KindredError } from '../../../errors.js'
import { invalidArchive, type ArchiveMember } from './archive-member.js'

const unixLink = 0o120000
const unixFile = 0o100000
const unixFolder = 0o040000
const unixKinds = 0o170000

/**
 * The members of a zip, one at a time in the order of its directory. The reader (yauzl) holds sizes and checks against
 * what is declared while it unpacks.
 *
 * Throws KindredError ARCHIVE_INVALID.
 */
export async function* readZip(file: string): AsyncGenerator<ArchiveMember> {
  const zip = await openZip(file)
  try {
    for await (const entry of zip.eachEntry() as AsyncIterable<Entry>) {
      if (entry.isEncrypted()) throw invalidArchive(file, 'is encrypted')
      yield {
        name: entry.fileName,
        kind: kindOf(entry),
        size: entry.uncompressedSize,
        open: () => zip.openReadStreamPromise(entry),
      }
    }
  } catch (thrown) {
    throw asInvalid(file, thrown)
  } finally {
    zip.close()
  }
}

async function openZip(file: string): Promise<ZipFile> {
  try {
    // Names are checked by whoever unpacks; strict, so that a backslash is not turned into something harmless.
    return await openPromise(file, { strictFileNames: true, autoClose: false })
  } catch (cause) {
    throw asInvalid(file, cause)
  }
}

/** The upper half of the external attributes is the file's mode where a Unix program made the archive. */
function kindOf(entry: Entry): ArchiveMember['kind'] {
  const mode = (entry.externalFileAttributes >>> 16) & unixKinds
  if (mode === unixLink) return 'link'
  if (mode !== 0 && mode !== unixFile && mode !== unixFolder) return 'other'
  return entry.fileName.endsWith('/') ? 'folder' : 'file'
}

function asInvalid(file: string, thrown: unknown): Error {
  if (thrown instanceof KindredError) return thrown
  return invalidArchive(
    file,
    `cannot be read: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
    thrown,
  )
}
