import { KindredError } from '../../../errors.js'
import { isCleanText } from '../../item-id.js'

/** A file in an archive, whichever format has it. */
export interface ArchiveMember {
  /** As it stands in the archive. */
  readonly name: string
  /** Anything but a file or a folder (a link, a device) is refused. */
  readonly kind: 'file' | 'folder' | 'link' | 'other'
  /** Bytes unpacked, as the archive declares them. */
  readonly size: number
  /** The content; to be read, or left, before the next member is asked for. */
  readonly open: () => Promise<AsyncIterable<Uint8Array>>
}

const longestName = 4096

/**
 * The path of a member, relative to the archive's root, with `/`; empty for the root itself. Nothing is ever written
 * under it: it is refused because an archive that tries to lead outside is not to be trusted in anything.
 *
 * @throws KindredError ARCHIVE_INVALID for an absolute path, one with `..`, a drive, a backslash or control characters
 */
export function memberPath(archive: string, name: string): string {
  const refuse = (why: string): KindredError => invalidArchive(archive, `has a member ${shown(name)}, ${why}`)
  if (name.length > longestName) throw refuse('whose name is too long')
  if (!isCleanText(name)) throw refuse('whose name has control characters')
  if (name.startsWith('/') || /^[a-z]:/i.test(name)) throw refuse('which is an absolute path')
  if (name.includes('\\')) throw refuse('whose name has a backslash')
  const parts = name.split('/').filter((part) => part !== '' && part !== '.')
  if (parts.includes('..')) throw refuse('which leads outside of the archive')
  return parts.join('/')
}

/** @throws KindredError ARCHIVE_INVALID unless the member is a file or a folder */
export function checkKind(archive: string, { name, kind }: ArchiveMember): void {
  if (kind === 'file' || kind === 'folder') return
  throw invalidArchive(
    archive,
    `has a member ${shown(name)}, which is ${kind === 'link' ? 'a link' : 'no file'}`,
  )
}

export const invalidArchive = (archive: string, why: string, cause?: unknown): KindredError =>
  new KindredError('ARCHIVE_INVALID', `${archive} ${why}`, { cause })

const shown = (name: string): string => JSON.stringify(name.length > 80 ? `${name.slice(0, 77)}...` : name)
