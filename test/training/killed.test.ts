import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, it } from 'vitest'
import type { TrainSettings } from '../../src/training/settings.js'
import { drawShapes, shapeSettings } from './shapes.js'
import { logOf, run, type LogLine } from './run.js'

const main = path.resolve('src/cli/main.ts')
const epochs = 3
const stepsPerEpoch = 16

/** `kindred train` in a process of its own; ends it with SIGKILL once so many steps are in its log. */
async function trainInChild(
  settings: TrainSettings,
  options: { resume?: boolean; killAt?: number } = {},
): Promise<void> {
  const { resume = false, killAt = Infinity } = options
  const config = `${settings.work ?? ''}.json`
  await writeFile(config, JSON.stringify(settings))
  const args = [
    '--import',
    'tsx',
    main,
    'train',
    '--config',
    config,
    '--json',
    ...(resume ? ['--resume'] : []),
  ]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'ignore', 'pipe'] })
  let errors = ''
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  const ended = new Promise<{ code: number | null; signal: string | null }>((resolve) => {
    child.on('close', (code, signal) => {
      resolve({ code, signal })
    })
  })
  const log = path.join(settings.work ?? '', 'log.jsonl')
  const stepsLogged = (): number =>
    existsSync(log) ? (readFileSync(log, 'utf8').match(/"event":"step"/g) ?? []).length : 0
  let running = true
  const watch = async (): Promise<void> => {
    while (running) {
      if (stepsLogged() >= killAt) child.kill('SIGKILL')
      await delay(2)
    }
  }
  const watching = killAt < Infinity ? watch() : undefined
  const { code, signal } = await ended
  running = false
  await watching
  if (killAt < Infinity) expect({ signal, errors }).toMatchObject({ signal: 'SIGKILL' })
  else expect({ code, errors }).toMatchObject({ code: 0 })
}

/** What must be the same to the last bit: nothing of it depends on the clock or on where the run began. */
const curve = (lines: readonly LogLine[]): unknown[] =>
  lines
    .filter(({ event }) => event === 'step' || event === 'epoch')
    .map(({ event, step, epoch, loss, parts, gradientNorm, meanLoss, validation, best }) =>
      event === 'step' ? { step, epoch, loss, parts, gradientNorm } : { epoch, meanLoss, validation, best },
    )

it('a run killed at any step and resumed has the loss curve of an unbroken one, bit for bit', async () => {
  const data = await drawShapes()
  const over = {
    loss: 'proxy-anchor',
    regularize: 'lsd:50,ranking:0.1',
    regularizerParams: { ranking: { r: 0.1, g: -100 } },
    epochs,
    stepsPerEpoch,
    checkpointEverySteps: 7,
    deterministic: true,
  }
  const unbroken = shapeSettings(data, over)
  const broken = shapeSettings(data, over)
  // Past the first checkpoint, so that there is something to go on from; another step each time.
  const killAt = 8 + Math.floor(Math.random() * (epochs * stepsPerEpoch - 12))
  await Promise.all([trainInChild(unbroken), trainInChild(broken, { killAt })])
  const before = logOf(broken.work ?? '').filter(({ event }) => event === 'step')
  await trainInChild(broken, { resume: true })

  const [expected, found] = [logOf(unbroken.work ?? ''), logOf(broken.work ?? '')]
  expect(before.length).toBeLessThan(epochs * stepsPerEpoch)
  expect(found.map(({ event }) => event)).toContain('resume')
  expect(curve(found), `killed at step ${killAt}`).toEqual(curve(expected))
  expect(curve(expected)).toHaveLength(epochs * (stepsPerEpoch + 1))
  const published = (lines: readonly LogLine[]): unknown => lines.at(-1)?.['model']
  expect(published(found)).toBe(published(expected))
  expect(published(found)).toEqual(expect.stringContaining('shapes@'))
})

it('a deterministic run is refused where TensorFlow was loaded with more threads', async () => {
  const settings = shapeSettings(await drawShapes({ classes: 8, imagesPerClass: 2 }), {
    deterministic: true,
  })
  await expect(run(settings)).rejects.toMatchObject({
    code: 'INVALID_SETTING',
    hint: expect.stringContaining('OMP_NUM_THREADS=1') as string,
  })
})
