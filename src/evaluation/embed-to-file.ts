import { randomBytes } from 'node:crypto'
import { open, rename, rm, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { csvLine } from '../datasets/csv-line.js'
import type { Embedder } from '../embedding/embedder.js'
import { embedPictures, type EmbedFailure, type EmbedOptions, type Picture } from './embed-pictures.js'
import { npyHeader } from './npy-header.js'
import type { PictureTable } from './picture-table.js'

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
 * Embeds pictures into a NumPy file (float32, [rows, dimensions], unit length) and writes beside it, with the ending
 * `.csv`, what each row is, in the columns of the table. Memory grows by no more than the table. Both files appear when
 * they are complete; pictures that cannot be read are listed and have no row.
 *
 * @param file path of the `.npy`
 * @throws KindredError as `embedPictures`; the signal's reason when aborted, and then nothing is left
 */
export async function embedToFile<P extends Picture>(
  embedder: Embedder,
  { images, columns }: PictureTable<P>,
  file: string,
  options: EmbedOptions = {},
): Promise<EmbedToFileResult> {
  const { onProgress, ...rest } = options
  const rowsFile = path.format({ ...path.parse(file), base: '', ext: '.csv' })
  const suffix = `.${randomBytes(6).toString('hex')}.part`
  const partial = [`${file}${suffix}`, `${rowsFile}${suffix}`] as const
  const failures: EmbedFailure[] = []
  let rows = 0
  const lineOf = (image: P): string => csvLine(Object.values(columns).map((cell) => cell(image)))
  try {
    await withFiles(partial, async (embeddings, csv) => {
      // The header has the same length for any count of rows: it is written again when that is known.
      await embeddings.writeFile(npyHeader(0, embedder.dimensions))
      await csv.writeFile(csvLine(Object.keys(columns)))
      for (let start = 0; start < images.length; start += picturesPerChunk) {
        const chunk = await embedPictures(embedder, images.slice(start, start + picturesPerChunk), {
          ...rest,
          ...(onProgress && {
            onProgress: (done) => {
              onProgress(start + done, images.length)
            },
          }),
        })
        await embeddings.writeFile(littleEndian(chunk.embeddings))
        await csv.writeFile(chunk.images.map(lineOf).join(''))
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
