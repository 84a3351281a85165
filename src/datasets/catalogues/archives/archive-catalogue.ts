import path from 'node:path'
import { noMetadata } from '../catalogue-row.js'
import type { Catalogue, CatalogueLimits } from '../catalogue.js'
import { openCsvCatalogue } from '../csv-catalogue.js'
import { fileSignature } from '../file-signature.js'
import { openJsonlCatalogue } from '../jsonl-catalogue.js'
import type { ResolvePath } from '../picture-reference.js'
import { memberPath } from './archive-member.js'
import { readTar } from './read-tar.js'
import { readZip } from './read-zip.js'
import { unpack } from './unpack.js'
import { UnpackedFolder } from './unpacked-folder.js'

/**
 * An archive, unpacked to a temporary folder. A catalogue in it (`catalogue.csv` or `catalogue.jsonl`, or the only CSV or
 * JSONL in its root) gives the rows, and names its pictures by their paths from where it lies; without one every picture
 * is a row, and its id its path in the archive. Nothing outside the archive can be named.
 *
 * @param under the folder to unpack in
 * @throws KindredError ARCHIVE_INVALID; the signal's reason when aborted. Nothing is left then.
 */
export async function openArchiveCatalogue(
  file: string,
  { under, limits, signal }: { under: string; limits: CatalogueLimits; signal?: AbortSignal | undefined },
): Promise<Catalogue> {
  const signature = await fileSignature(file)
  const folder = await UnpackedFolder.create(under)
  try {
    const members = /\.zip$/i.test(file) ? readZip(file) : readTar(file, { gzip: /gz$/i.test(file) })
    const { pictures, catalogues } = await unpack(file, members, folder, limits, signal)
    const chosen = chooseCatalogue(catalogues)
    const inside = chosen === undefined ? undefined : await openMember(folder, chosen, limits.maxRowBytes)
    return {
      ...(inside ?? picturesOf(folder, pictures)),
      signature,
      close: () => folder.remove(),
    }
  } catch (thrown) {
    await folder.remove()
    throw thrown
  }
}

function chooseCatalogue(found: readonly string[]): string | undefined {
  const named = found.filter((name) => /^catalogue\./i.test(path.posix.basename(name)))
  const candidates = named.length > 0 ? named : found
  return candidates.length === 1 ? candidates[0] : undefined
}

function openMember(folder: UnpackedFolder, name: string, maxRowBytes: number): Promise<Catalogue> {
  const resolve = membersFrom(folder, path.posix.dirname(name))
  const open = /\.csv$/i.test(name) ? openCsvCatalogue : openJsonlCatalogue
  return open(folder.pathOf(name), { resolve, maxRowBytes })
}

/** Members by their paths relative to the folder, inside the archive, in which the catalogue lies. */
function membersFrom(folder: UnpackedFolder, base: string): ResolvePath {
  return (given) => {
    const name = path.posix.normalize(path.posix.join(base, given))
    if (given.startsWith('/') || name.startsWith('..')) return null
    const member = memberPath('the archive', name)
    const file = folder.find(member)
    return file === null ? null : { file, name: member, unpacked: true }
  }
}

function picturesOf(folder: UnpackedFolder, total: number): Omit<Catalogue, 'signature' | 'close'> {
  let row = 0
  return {
    async *entries() {
      row = 0
      for await (const name of folder.pictures()) {
        const content = { kind: 'file', file: folder.pathOf(name), name, unpacked: true } as const
        yield { kind: 'row', row: { row: ++row, id: name, content, group: null, metadata: noMetadata } }
      }
    },
    share: () => (total === 0 ? null : row / total),
  }
}
