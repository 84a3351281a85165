import { once } from 'node:events'
import { createWriteStream, type WriteStream } from 'node:fs'
import { Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { KindredError } from '../../../errors.js'
import { isPicturePath } from '../../walk-pictures.js'
import type { CatalogueLimits } from '../catalogue.js'
import { checkKind, invalidArchive, memberPath, type ArchiveMember } from './archive-member.js'
import type { UnpackedFolder } from './unpacked-folder.js'

export interface Unpacked {
  readonly pictures: number
  /** Paths of the CSV and JSONL files in the archive's root, or in the one folder that holds everything. */
  readonly catalogues: readonly string[]
}

const catalogueName = /\.(csv|jsonl|ndjson)$/i
/** More than one is none; there is no need to remember thousands. */
const mostCatalogues = 100

/**
 * Writes the files of an archive to a folder of its own, each under a name that is not the archive's. Sizes are counted
 * while they are written, whatever the archive declares.
 *
 * @throws KindredError ARCHIVE_INVALID for a name that leads outside, a link, a name that comes twice, too many files,
 *   a file or a whole that is too large, what is damaged; the signal's reason when aborted
 */
export async function unpack(
  archive: string,
  members: AsyncIterable<ArchiveMember>,
  folder: UnpackedFolder,
  limits: CatalogueLimits,
  signal?: AbortSignal,
): Promise<Unpacked> {
  const { maxArchiveMembers, maxArchiveMemberBytes, maxArchiveBytes } = limits
  const names = createWriteStream(folder.picturesFile)
  const catalogues: string[] = []
  let count = 0
  let total = 0
  let pictures = 0
  /** The folder that everything lies in; null where there is none. */
  let wrapper: string | null | undefined = undefined
  try {
    for await (const member of members) {
      signal?.throwIfAborted()
      if (++count > maxArchiveMembers)
        throw invalidArchive(archive, `has more than ${maxArchiveMembers} members`)
      checkKind(archive, member)
      const name = memberPath(archive, member.name)
      if (member.kind === 'folder' || name === '') continue
      const left = maxArchiveBytes - total
      const most = Math.min(maxArchiveMemberBytes, left)
      const tooLarge = (): KindredError =>
        invalidArchive(
          archive,
          maxArchiveMemberBytes <= left
            ? `has a member of more than ${maxArchiveMemberBytes} bytes: ${name}`
            : `unpacks to more than ${maxArchiveBytes} bytes`,
        )
      // Before a byte is written, where the archive is honest.
      if (member.size > most) throw tooLarge()
      total += await write(archive, member, name, folder.pathOf(name), most, tooLarge)
      const [top = ''] = name.split('/', 1)
      wrapper = top !== name && (wrapper === undefined || wrapper === top) ? top : null
      if (catalogueName.test(name) && name.split('/').length <= 2 && catalogues.length < mostCatalogues) {
        catalogues.push(name)
      }
      if (isPicturePath(name)) {
        pictures++
        if (!names.write(`${name}\n`)) await once(names, 'drain')
      }
    }
  } finally {
    await finished(names)
  }
  const root = typeof wrapper === 'string' ? `${wrapper}/` : ''
  return {
    pictures,
    catalogues: catalogues.filter((name) => name.startsWith(root) && !name.slice(root.length).includes('/')),
  }
}

/** @returns the bytes written */
async function write(
  archive: string,
  member: ArchiveMember,
  name: string,
  file: string,
  most: number,
  tooLarge: () => KindredError,
): Promise<number> {
  let written = 0
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      written += chunk.length
      if (written > most) done(tooLarge())
      else done(null, chunk)
    },
  })
  try {
    await pipeline(await member.open(), meter, createWriteStream(file, { flags: 'wx' }))
    return written
  } catch (thrown) {
    if (thrown instanceof KindredError) throw thrown
    const { code } = thrown as NodeJS.ErrnoException
    if (code === 'EEXIST') throw invalidArchive(archive, `has two members named ${name}`)
    // The disk, not the archive: full, or gone.
    if (code !== undefined && /^E[A-Z]+$/.test(code)) throw thrown
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw invalidArchive(archive, `is damaged at ${name}: ${reason}`, thrown)
  }
}

async function finished(stream: WriteStream): Promise<void> {
  await new Promise((resolve) => {
    stream.once('error', resolve)
    stream.end(resolve)
  })
}
