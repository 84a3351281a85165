import { mkdirSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import sharp from 'sharp'

/** The bytes of a small picture, another one for each number. */
export const pictureBytes = (n: number): Promise<Buffer> =>
  sharp({
    create: { width: 8, height: 8, channels: 3, background: { r: n % 256, g: (n >> 8) % 256, b: 99 } },
  })
    .png()
    .toBuffer()

/** Writes `count` pictures and a CSV of them: ids `p-0`, `p-1`, ... @returns the CSV */
export async function madeCatalogue(folder: string, count: number): Promise<string> {
  mkdirSync(folder, { recursive: true })
  for (let n = 0; n < count; n++) await writeFile(path.join(folder, `${n}.png`), await pictureBytes(n))
  const file = path.join(folder, 'c.csv')
  const rows = Array.from({ length: count }, (_, n) => `p-${n},${n}.png`)
  await writeFile(file, ['id,image', ...rows, ''].join('\n'))
  return file
}
