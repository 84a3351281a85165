import { readFileSync, writeFileSync } from 'node:fs'
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
    const settings = await shapeSettings(data, { regularize: 'lsd:5' })
    const { out } = await run(trainCommand(), '--config', configOf(settings), '--dry-run', '--epochs', '2')
    expect(parseTrainSettings(parse(out))).toEqual({ ...settings, epochs: 2 })
    expect(out).toContain('# training: 80 pictures of 10 classes')
    expect(out).toContain('# steps: 12 of 24 pictures, 6 an epoch')
    expect(out).toMatch(/# memory: about \d+ MB/)
    expect(out).toMatch(/# time: about \d+ s/)
    const { out: json } = await run(trainCommand(), '--config', configOf(settings), '--dry-run', '--json')
    expect(JSON.parse(json)).toMatchObject({ settings: { epochs: 4 }, plan: { images: 80, steps: 24 } })
  })

  it('--seeds trains once a seed and tells the spread', async () => {
    const settings = await shapeSettings(data, { epochs: 1, stepsPerEpoch: 1 })
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
