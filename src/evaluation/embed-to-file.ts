import { randomBytes } from 'node:crypto'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { csvLine } from '../datasets/csv-line.js'
import type { LabelledImage, LabelledSet } from '../datasets/labelled-set.js'
import type { Embedder } from '../embedding/embedder.js'
import { embedSet, imageId, type EmbedFailure, type EmbedSetOptions } from './embed-set.js'
import { npyHeader } from './npy-header.js'

/** Pictures held in memory at a time. */
const picturesPerChunk = 1024

export interface EmbedToFileResult {
  readonly rows: number
  readonly dimensions: number
  readonly failures: readonly EmbedFailure[]
  /** The CSV beside the embeddings. */
  readonly rowsFile: string
}

/**
 * Embeds a set into a NumPy file (float32, [rows, dimensions], unit length) and writes beside it, with the ending
 * `.csv`, what each row is: `id,label,path`. Memory does not grow with the set. Both files appear when they are
 * complete; pictures that cannot be read are listed and have no row.
 *
 * @param file path of the `.npy`
 * @throws KindredError as `embedSet`; the signal's reason when aborted, and then nothing is left
 */
export async function embedToFile(
  embedder: Embedder,
  set: LabelledSet,
  file: string,
  options: EmbedSetOptions = {},
): Promise<EmbedToFileResult> {
  const { onProgress, ...rest } = options
  const rowsFile = path.format({ ...path.parse(file), base: '', ext: '.csv' })
  const suffix = `.${randomBytes(6).toString('hex')}.part`
  const partial = [`${file}${suffix}`, `${rowsFile}${suffix}`] as const
  const failures: EmbedFailure[] = []
  let rows = 0
  try {
    await withFiles(partial, async (embeddings, csv) => {
      // The header has the same length for any count of rows: it is written again when that is known.
      await embeddings.writeFile(npyHeader(0, embedder.dimensions))
      await csv.writeFile('id,label,path\n')
      for (let start = 0; start < set.images.length; start += picturesPerChunk) {
        const images = set.images.slice(start, start + picturesPerChunk)
        const chunk = await embedSet(
          embedder,
          { ...set, images },
          {
            ...rest,
            ...(onProgress && {
              onProgress: (done) => {
                onProgress(start + done, set.images.length)
              },
            }),
          },
        )
        await embeddings.writeFile(littleEndian(chunk.embeddings))
        await csv.writeFile(chunk.images.map(rowOf).join(''))
        rows += chunk.images.length
        failures.push(...chunk.failures)
      }
      const header = npyHeader(rows, embedder.dimensions)
      await embeddings.write(header, 0, header.length, 0)
    })
    await rename(partial[1], rowsFile)
    await rename(partial[0], file)
  } catch (thrown) {
    await Promise.all(partial.map((name) => rm(name, { force: true })))
    throw thrown
  }
  return { rows, dimensions: embedder.dimensions, failures, rowsFile }
}

async function withFiles(
  [first, second]: readonly [string, string],
  use: (first: FileHandle, second: FileHandle) => Promise<void>,
): Promise<void> {
  const a = await open(first, 'wx')
  try {
    const b = await open(second, 'wx')
    try {
      await use(a, b)
      await a.sync()
      await b.sync()
    } finally {
      await b.close()
    }
  } finally {
    await a.close()
  }
}

function littleEndian(values: Float32Array): Uint8Array {
  const bytes = new Uint8Array(4 * values.length)
  const view = new DataView(bytes.buffer)
  values.forEach((value, at) => {
    view.setFloat32(4 * at, value, true)
  })
  return bytes
}

const rowOf = (image: LabelledImage): string => csvLine([imageId(image), image.label, image.path])
