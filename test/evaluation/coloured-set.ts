import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import sharp from 'sharp'
import { createRandom } from '../../src/datasets/random.js'

/**
 * A folder of one folder a class with small pictures, each class of a colour of its own with some noise, and a file
 * that is no picture where `broken` says so.
 */
export async function writeColouredSet(
  folder: string,
  options: { classes: readonly string[]; each: number; broken?: boolean; seed?: number },
): Promise<void> {
  const { classes, each, broken = false, seed = 1 } = options
  const random = createRandom(seed)
  for (const [n, name] of classes.entries()) {
    const hue = (360 * n) / classes.length
    mkdirSync(path.join(folder, name), { recursive: true })
    for (let image = 0; image < each; image++) {
      const colours = [0, 1].map(
        () => `hsl(${hue + 90 * (random() - 0.5)} ${40 + 50 * random()}% ${30 + 40 * random()}%)`,
      )
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="20" height="40" fill="${colours[0] ?? ''}"/><rect x="20" width="20" height="40" fill="${colours[1] ?? ''}"/></svg>`
      await sharp(Buffer.from(svg))
        .jpeg()
        .toFile(path.join(folder, name, `${image}.jpg`))
    }
  }
  if (broken) writeFileSync(path.join(folder, classes[0] ?? '', 'broken.jpg'), 'no picture')
}
