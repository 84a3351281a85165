import { copyFile, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { KindredError, toKindredError } from '../../src/errors.js'
import { decodeImage } from '../../src/images/decode.js'
import { encodeJpeg } from '../../src/images/encode-jpeg.js'
import { resizeForCache, resizeRgb } from '../../src/images/resize.js'
import type { RgbImage } from '../../src/images/rgb-image.js'
import type { PicturePlan, PreparationPlan } from './recipe.js'

const atOnce = 8

/**
 * Writes what the plan says: pictures, copies and `index.csv`. A picture that cannot be read is left out and listed.
 * The folder appears complete or not at all.
 *
 * @param target must not exist, or be empty
 * @throws KindredError INVALID_ARGUMENT, DATASET_INVALID when not one picture could be read
 */
export async function prepare(
  plan: PreparationPlan,
  target: string,
  onProgress: (done: number, total: number) => void = () => undefined,
): Promise<{ written: number; failures: string[] }> {
  const { header, pictures, copies, shorterSide } = plan
  const folder = path.resolve(target)
  await mkdir(path.dirname(folder), { recursive: true })
  const draft = await mkdtemp(`${folder}.part-`)
  try {
    const failures = new Map<PicturePlan, string>()
    for (let start = 0; start < pictures.length; start += atOnce) {
      const batch = pictures.slice(start, start + atOnce)
      await Promise.all(
        batch.map(async (picture) => {
          try {
            await writeInto(draft, picture.target, await shrink(picture, shorterSide))
          } catch (thrown) {
            failures.set(picture, `${picture.source}: ${toKindredError(thrown).message}`)
          }
        }),
      )
      onProgress(start + batch.length, pictures.length)
    }
    const written = pictures.filter((picture) => !failures.has(picture))
    if (written.length === 0) {
      const [first = 'the lists name none'] = failures.values()
      throw new KindredError('DATASET_INVALID', `Not one picture could be read (${first})`)
    }
    for (const { source, target: name } of copies) {
      await mkdir(path.dirname(path.join(draft, name)), { recursive: true })
      await copyFile(source, path.join(draft, name)).catch(ignoreMissing)
    }
    const lines = [header, ...written.map((picture) => [picture.target, ...picture.cells])]
    await writeFile(
      path.join(draft, 'index.csv'),
      lines.map((cells) => `${cells.map(quoted).join(',')}\n`).join(''),
    )
    await rename(draft, folder).catch((cause: unknown) => {
      throw new KindredError('INVALID_ARGUMENT', `The folder ${target} exists already and is not empty`, {
        cause,
      })
    })
    return { written: written.length, failures: [...failures.values()] }
  } catch (thrown) {
    await rm(draft, { recursive: true, force: true })
    throw thrown
  }
}

async function shrink({ source, crop }: PicturePlan, side: number): Promise<Uint8Array> {
  const bytes = await readFile(source)
  if (crop === undefined)
    return encodeJpeg(await resizeForCache(bytes, { shorterSide: side, kernel: 'lanczos3' }))
  const cropped = cut(await decodeImage(bytes), crop)
  return encodeJpeg(
    await resizeRgb(cropped, { width: side, height: side, fit: 'squash', kernel: 'lanczos3' }),
  )
}

/** Boxes drawn by people can reach a little beyond the picture. */
function cut(image: RgbImage, box: NonNullable<PicturePlan['crop']>): RgbImage {
  const left = Math.min(Math.floor(box.left), image.width - 1)
  const top = Math.min(Math.floor(box.top), image.height - 1)
  const width = Math.min(Math.round(box.width), image.width - left)
  const height = Math.min(Math.round(box.height), image.height - top)
  const data = new Uint8Array(3 * width * height)
  for (let row = 0; row < height; row++) {
    const from = 3 * ((top + row) * image.width + left)
    data.set(image.data.subarray(from, from + 3 * width), 3 * row * width)
  }
  return { width, height, data }
}

async function writeInto(folder: string, name: string, bytes: Uint8Array): Promise<void> {
  const file = path.join(folder, name)
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, bytes)
}

function ignoreMissing(thrown: unknown): void {
  if (!(thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT')) throw thrown
}

const quoted = (cell: string): string => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell)
