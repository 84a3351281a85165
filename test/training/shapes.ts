import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { createRandom } from '../../src/datasets/random.js'
import { renderSvg } from '../../src/images/render-svg.js'
import { parseTrainSettings, type TrainSettings } from '../../src/training/settings.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const shapes: readonly ((size: number) => string)[] = [
  (s) => `<circle r="${s}"/>`,
  (s) => `<rect x="${-s}" y="${-s}" width="${2 * s}" height="${2 * s}"/>`,
  (s) => `<polygon points="0,${-s} ${s},${s} ${-s},${s}"/>`,
  (s) => `<rect x="${-s}" y="${-s / 3}" width="${2 * s}" height="${(2 * s) / 3}"/>`,
]

/**
 * Writes a set of drawn classes, each a shape in a hue of its own, in random place, size and light: what a network
 * of three convolutions learns in seconds and does not know before.
 *
 * @returns the set's folder, one folder a class
 */
export async function drawShapes(
  options: { classes?: number; imagesPerClass?: number; seed?: number } = {},
): Promise<string> {
  const { classes = 16, imagesPerClass = 8, seed = 1 } = options
  const folder = temporaryFolder()
  const random = createRandom(seed)
  for (let label = 0; label < classes; label++) {
    const name = `class-${String(label).padStart(2, '0')}`
    await mkdir(path.join(folder, name))
    for (let image = 0; image < imagesPerClass; image++) {
      const [x, y, size, light, back] = [random(), random(), random(), random(), random()]
      const shape = shapes[label % shapes.length]?.(9 + 5 * size) ?? ''
      const hue = (360 * label) / classes
      const svg = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 48 48">
        <rect width="48" height="48" fill="hsl(0, 0%, ${(30 + 40 * back).toFixed(1)}%)"/>
        <g transform="translate(${18 + 12 * x} ${18 + 12 * y})" fill="hsl(${hue}, 80%, ${35 + 25 * light}%)">${shape}</g>
      </svg>`
      const bytes = await renderSvg(svg, { width: 48, height: 48, format: 'png' })
      await writeFile(path.join(folder, name, `${image}.png`), bytes)
    }
  }
  return folder
}

/** Settings of a run of seconds on `drawShapes`, from nothing, with `over` laid over them. */
export function shapeSettings(data: string, over: Readonly<Record<string, unknown>> = {}): TrainSettings {
  const folder = temporaryFolder()
  return parseTrainSettings({
    data: [{ path: data, name: 'shapes', licence: 'CC0-1.0' }],
    output: path.join(folder, 'models', 'shapes'),
    work: path.join(folder, 'run'),
    init: 'random',
    backbone: 'small-convnet',
    pooling: 'gap',
    dimensions: 16,
    input: { size: 32 },
    batch: { classes: 6, images: 4 },
    augmentation: { minScale: 0.6, hue: 0 },
    epochs: 4,
    stepsPerEpoch: 6,
    learningRate: 3e-3,
    lossRateFactor: 10,
    freezeBackboneEpochs: 0,
    warmUpSteps: 2,
    validation: { share: 0.35 },
    ...over,
  })
}
