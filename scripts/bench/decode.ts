/**
 * `npm run bench:decode -- --pictures FOLDER`: what it costs to decode a picture in a process that can be killed, beside decoding it
 * in this one. Each picture is prepared by both, one directly after the other.
 */
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { reportFailure } from '../../src/cli/exit.js'
import { walkPictures } from '../../src/datasets/walk-pictures.js'
import { expected } from '../../src/errors.js'
import { DecoderPool } from '../../src/images/decoding/decoder-pool.js'
import type { InputTransform } from '../../src/images/input-transform.js'
import { prepareInput } from '../../src/images/prepare-input.js'
import { quantile } from '../../src/bench/quantile.js'
import { scriptOptions, text, whole } from '../script-options.js'

const given = scriptOptions(
  'bench:decode',
  'Times decoding a picture in this process and in one of its own, one directly after the other.',
  {
    pictures: text('FOLDER', '.', 'searched for pictures, sub-folders included'),
    count: whole(60, 'how many of them, from the first on'),
    rounds: whole(8, 'that are counted'),
  },
)

const transform: InputTransform = {
  width: 160,
  height: 160,
  fit: 'squash',
  kernel: 'linear',
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
  layout: 'nchw',
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now()
  await work()
  return performance.now() - started
}

async function bench(folder: string): Promise<void> {
  const pictures: Buffer[] = []
  for await (const name of walkPictures(folder)) {
    pictures.push(await readFile(path.join(folder, name)))
    if (pictures.length >= given.count) break
  }
  if (pictures.length === 0) throw expected('a folder with pictures', '--pictures', folder)
  const pool = new DecoderPool({ processes: 1, deadlineMs: 60_000 })
  const samples: { here: number; there: number }[] = []
  // The first round fills caches and lets the engine compile; it is not counted.
  for (let round = 0; round <= given.rounds; round++) {
    for (const bytes of pictures) {
      const here = await timed(() => prepareInput(bytes, transform))
      const there = await timed(() => pool.prepareInput(bytes, transform))
      if (round > 0) samples.push({ here, there })
    }
  }
  await pool.close()
  const line = (label: string, values: readonly number[]): void => {
    const [quarter, half, most] = [0.25, 0.5, 0.75].map((share) => quantile(values, share).toFixed(2))
    console.log(`${label.padEnd(26)}${half} ms   (quartiles ${quarter} to ${most})`)
  }
  console.log(`${pictures.length} pictures, ${samples.length} measurements, one after the other`)
  line(
    'in this process',
    samples.map(({ here }) => here),
  )
  line(
    'in a process of its own',
    samples.map(({ there }) => there),
  )
  line(
    'difference',
    samples.map(({ here, there }) => there - here),
  )
}

await bench(given.pictures).catch((thrown: unknown) => {
  process.exitCode = reportFailure(thrown, false)
})
