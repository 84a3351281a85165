import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import path from 'node:path'
import { Readable, Transform, type Writable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { extract, pack, type Header } from 'tar-stream'
import { KindredError } from '../../../errors.js'
import { invalid, parseManifest, writeManifest, type SnapshotManifest } from './snapshot-manifest.js'

/** A snapshot is a tar file, which any machine can look into; its manifest comes first. */
const manifestName = 'snapshot.json'
const largestManifest = 1 << 20

/** Packs the files of a manifest from a folder. */
export async function packSnapshot(folder: string, manifest: SnapshotManifest, file: string): Promise<void> {
  const archive = pack()
  const fill = async (): Promise<void> => {
    archive.entry({ name: manifestName }, writeManifest(manifest))
    for (const { name, bytes } of manifest.files) {
      // A stream of its own make, which node:stream takes.
      const entry = archive.entry({ name, size: bytes }) as unknown as Writable
      await pipeline(createReadStream(path.join(folder, name)), entry)
    }
    archive.finalize()
  }
  await Promise.all([fill(), pipeline(Readable.from(archive), createWriteStream(file))])
}

/** One file of the archive, to be read before the next. */
interface Entry extends AsyncIterable<unknown> {
  readonly header: Header
}

/** The manifest alone. @throws KindredError SNAPSHOT_INVALID */
export async function readSnapshotManifest(file: string): Promise<SnapshotManifest> {
  return reading(file, async (entries) => {
    for await (const entry of entries) return manifestFrom(entry)
    throw invalid('it is empty')
  })
}

/**
 * Unpacks a snapshot and holds every file against the manifest.
 *
 * @param folder where the files go; null to check them alone
 * @throws KindredError SNAPSHOT_INVALID
 */
export function unpackSnapshot(file: string, folder: string | null): Promise<SnapshotManifest> {
  return reading(file, async (entries) => {
    let manifest: SnapshotManifest | undefined
    const found = new Set<string>()
    for await (const entry of entries) {
      if (manifest === undefined) {
        manifest = await manifestFrom(entry)
        continue
      }
      const { name, size } = entry.header
      const wanted = manifest.files.find((one) => one.name === name && one.bytes === size)
      if (wanted === undefined || found.has(name)) throw invalid(`${name} is not what its manifest names`)
      const sha256 = await drain(entry, folder && path.join(folder, name))
      if (sha256 !== wanted.sha256) throw invalid(`${name} is damaged`)
      found.add(name)
    }
    if (manifest === undefined) throw invalid('it is empty')
    if (found.size < manifest.files.length) throw invalid('some of its files are missing')
    return manifest
  })
}

/** Lets `use` read the entries of an archive one after the other. What is wrong with the archive is SNAPSHOT_INVALID. */
async function reading<T>(file: string, use: (entries: AsyncIterable<Entry>) => Promise<T>): Promise<T> {
  const entries = extract()
  const content = createReadStream(file)
  content.on('error', (error) => {
    entries.destroy(error)
  })
  content.pipe(entries as unknown as Writable)
  try {
    return await use(entries)
  } catch (error) {
    // A full disk or a lost file is no fault of the snapshot.
    if (error instanceof KindredError || isSystemError(error)) throw error
    throw invalid('it is not a whole tar file', error)
  } finally {
    content.destroy()
  }
}

const isSystemError = (error: unknown): boolean => error instanceof Error && 'syscall' in error

async function manifestFrom(entry: Entry): Promise<SnapshotManifest> {
  const { name, size } = entry.header
  if (name !== manifestName || size > largestManifest) throw invalid('it does not begin with a manifest')
  const chunks: Buffer[] = []
  for await (const chunk of entry) chunks.push(chunk as Buffer)
  return parseManifest(Buffer.concat(chunks).toString('utf8'))
}

/** Reads an entry to its end, into a file where one is named. @returns its SHA-256 in hex */
async function drain(entry: Entry, file: string | null): Promise<string> {
  const hash = createHash('sha256')
  if (file === null) {
    for await (const chunk of entry) hash.update(chunk as Buffer)
    return hash.digest('hex')
  }
  const hashing = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      hash.update(chunk)
      done(null, chunk)
    },
  })
  await pipeline(Readable.from(entry), hashing, createWriteStream(file))
  return hash.digest('hex')
}
