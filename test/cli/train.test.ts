import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { parse } from 'yaml'
import { beforeAll, describe, expect, it } from 'vitest'
import { trainCommand } from '../../src/cli/train.js'
import { parseTrainSettings, type TrainSettings } from '../../src/training/settings.js'
import { drawShapes, shapeSettings } from '../training/shapes.js'
import { run } from './run.js'

let data: string
beforeAll(async () => {
  data = await drawShapes()
})

const configOf = (settings: TrainSettings): string => {
  const file = `${settings.work ?? ''}.json`
  writeFileSync(file, JSON.stringify(settings))
  return file
}

describe('kindred train', () => {
  it('--help lists every setting with its default and choices', () => {
    let help = ''
    trainCommand()
      .configureOutput({ writeOut: (text) => (help += text) })
      .exitOverride()
      .outputHelp()
    expect(help).toContain('--epochs <n>')
    expect(help).toContain('passes over the pictures (default: 20)')
    expect(help).toContain('validation.metric (default "mapAtR"; mapAtR, recallAt1)')
    expect(help).toContain('output (must be given)')
  })

  it('--dry-run prints settings that can be fed back, and what it found', async () => {
    const settings = shapeSettings(data, { regularize: 'lsd:5' })
    const { out } = await run(trainCommand(), '--config', configOf(settings), '--dry-run', '--epochs', '2')
    expect(parseTrainSettings(parse(out))).toEqual({ ...settings, epochs: 2 })
    expect(out).toContain('# training: 80 pictures of 10 classes')
    expect(out).toContain('# steps: 12 of 24 pictures, 6 an epoch')
    expect(out).toMatch(/# memory: about \d+ MB/)
    expect(out).toMatch(/# time: about \d+ s/)
    const { out: json } = await run(trainCommand(), '--config', configOf(settings), '--dry-run', '--json')
    expect(JSON.parse(json)).toMatchObject({ settings: { epochs: 4 }, plan: { images: 80, steps: 24 } })
    const seeds = ['--dry-run', '--seeds', '0,1,2']
    const { out: ofSeeds } = await run(trainCommand(), '--config', configOf(settings), ...seeds)
    expect(ofSeeds).toContain('6 an epoch, for each of 3 seeds')
    expect(ofSeeds).toMatch(/# time: about .* for all seeds/)
  })

  it('holds pictures to the limits of the program, and takes SVG where that allows it', async () => {
    const settings = shapeSettings(data, { epochs: 1, stepsPerEpoch: 1 })
    const limited = run(trainCommand(), '--config', configOf(settings), '--max-image-pixels', '1000')
    await expect(limited).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: expect.stringContaining('at most 1000 are accepted') as string,
    })
    const drawn = await drawShapes()
    const file = path.join(drawn, 'class-00', 'drawing.svg')
    writeFileSync(file, '<svg xmlns="http://www.w3.org/2000/svg" width="48" height="48"/>')
    const unreadable = async (...flags: string[]): Promise<unknown> => {
      const own = shapeSettings(drawn, { epochs: 1, stepsPerEpoch: 1 })
      const { out } = await run(trainCommand(), '--config', configOf(own), '--json', ...flags)
      return (JSON.parse(out) as { unreadable: unknown }).unreadable
    }
    expect(await unreadable()).toBe(1)
    expect(await unreadable('--allow-svg')).toBe(0)
  })

  it('--seeds trains once a seed and tells the spread', async () => {
    const settings = shapeSettings(data, { epochs: 1, stepsPerEpoch: 1 })
    const { out, exitCode } = await run(trainCommand(), '--config', configOf(settings), '--seeds', '0,1')
    expect(exitCode).toBeUndefined()
    expect(out).toContain('shapes-seed-0@')
    expect(out).toContain('shapes-seed-1@')
    expect(out).toMatch(
      /MAP@R \d+\.\d %, standard deviation \d+\.\d %, 95 % interval -?\d+\.\d % to \d+\.\d %/,
    )
    const file = /summary in (.*)/.exec(out)?.[1] ?? ''
    expect(JSON.parse(readFileSync(file, 'utf8'))).toHaveProperty('summary.mapAtR.mean')
  })
})
