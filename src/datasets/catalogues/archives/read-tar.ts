import { createReadStream } from 'node:fs'
import { PassThrough, Transform } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract, type Header } from 'tar-stream'
import { KindredError, toKindredError } from '../../../errors.js'
import { invalidArchive, type ArchiveMember } from './archive-member.js'

/** Bytes that may pass without belonging to a file: what a run of headers, long names and padding may take. */
const slack = 16 * 1024 * 1024
/** Header, extended header and padding of one member. */
const overhead = 4096
const blockBytes = 512

/**
 * The members of a tar, or of one under gzip, as they come. What the reader would gather in memory (an extended header
 * may claim any length), or read without end (zeros after the last member compress to nothing), is cut off.
 *
 * Throws KindredError ARCHIVE_INVALID.
 */
export async function* readTar(file: string, { gzip }: { gzip: boolean }): AsyncGenerator<ArchiveMember> {
  const tar = extract()
  let allowed = slack
  let passed = 0
  /** The last block so far; a tar that is whole ends with one of zeros. */
  let lastBlock = Buffer.alloc(0)
  const meter = new Transform({
    transform(chunk: Buffer, _encoding, done) {
      passed += chunk.length
      if (passed > allowed) done(new Error('it holds far more than its files'))
      else done(null, chunk)
      lastBlock = Buffer.concat([lastBlock, chunk.subarray(-blockBytes)]).subarray(-blockBytes)
    },
    flush(done) {
      const whole = lastBlock.length === blockBytes && lastBlock.every((byte) => byte === 0)
      done(whole ? null : new Error('it is cut off'))
    },
  })
  const source = createReadStream(file)
  const flowing = pipeline(source, gzip ? createGunzip() : new PassThrough(), meter, tar).then(
    () => null,
    (cause: unknown) => toKindredError(cause),
  )
  try {
    for await (const entry of tar) {
      const { name, type, size } = entry.header
      allowed += size + overhead
      const state = { opened: false }
      yield {
        name,
        kind: kindOf(type),
        size,
        open: () => {
          state.opened = true
          return Promise.resolve(bytesOf(entry as unknown as AsyncIterable<Uint8Array>))
        },
      }
      if (!state.opened) entry.resume()
    }
    const failure = await flowing
    if (failure !== null) throw failure
  } catch (thrown) {
    if (thrown instanceof KindredError && thrown.code !== 'INTERNAL') throw thrown
    const reason = thrown instanceof Error ? thrown.message : String(thrown)
    throw invalidArchive(file, `cannot be read: ${reason}`, thrown)
  } finally {
    source.destroy()
    tar.destroy()
  }
}

/**
 * The bytes of a member, by iteration alone: its own kind of stream (streamx, which has no types) leaves one of Node's
 * waiting for ever where the tar ends within it.
 */
async function* bytesOf(entry: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield* entry
}

function kindOf(type: Header['type']): ArchiveMember['kind'] {
  switch (type) {
    case 'file':
    case 'contiguous-file':
      return 'file'
    case 'directory':
      return 'folder'
    case 'link':
    case 'symlink':
      return 'link'
    case 'block-device':
    case 'character-device':
    case 'fifo':
      return 'other'
  }
}
