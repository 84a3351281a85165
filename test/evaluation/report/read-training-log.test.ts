import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { readTrainingLog } from '../../../src/evaluation/report/read-training-log.js'

const folder = mkdtempSync(path.join(tmpdir(), 'kindred-log-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
})

const write = (name: string, ...lines: (object | string)[]): string => {
  const file = path.join(folder, name)
  writeFileSync(
    file,
    lines.map((line) => (typeof line === 'string' ? line : `${JSON.stringify(line)}\n`)).join(''),
  )
  return file
}
const validation = (recallAt1: number) => ({ recallAt1, mapAtR: recallAt1 / 2, rPrecision: 0.4 })

describe('the log of a training run', () => {
  it('gives the loss by step and validation by epoch; what a resumed run repeats counts as it was the last time', async () => {
    const file = write(
      'log.jsonl',
      { event: 'run', settings: {} },
      { event: 'step', epoch: 1, step: 1, loss: 3 },
      { event: 'step', epoch: 1, step: 2, loss: 2 },
      { event: 'step', epoch: 1, step: 3, loss: 9 },
      { event: 'resume', step: 2 },
      { event: 'step', epoch: 1, step: 3, loss: 1 },
      { event: 'epoch', epoch: 1, validation: validation(0.5), best: true },
      { event: 'epoch', epoch: 2, validation: null, best: false },
      '{"event":"step","step":4,"lo',
    )
    expect(await readTrainingLog(file)).toEqual({
      loss: [
        { step: 1, loss: 3 },
        { step: 2, loss: 2 },
        { step: 3, loss: 1 },
      ],
      validation: [{ epoch: 1, recallAt1: 0.5, mapAtR: 0.25, best: true }],
    })
  })

  it('says so when it is another file, or none', async () => {
    const other = write('other.jsonl', { hello: 'world' })
    await expect(readTrainingLog(other)).rejects.toThrow(/is not the log of a training run/)
    await expect(readTrainingLog(path.join(folder, 'none'))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  })
})
