import { expect, it } from 'vitest'
import { showProgress, stepCounter } from '../../../src/tensors/setup/progress.js'

const record = (isTTY: boolean) => {
  const written: string[] = []
  return { written, stream: { isTTY, write: (text: string) => written.push(text) } }
}

it('shows each step with its number and seconds, in plain lines without a terminal', async () => {
  const { written, stream } = record(false)
  const step = stepCounter(2, showProgress(stream))
  expect(await step('Fetch', () => Promise.resolve(1))).toBe(1)
  await expect(step('Compile', () => Promise.reject(new Error('no')))).rejects.toThrow('no')
  expect(written.join('')).toMatch(
    /^\[1\/2\] Fetch \.\.\.\n\[1\/2\] Fetch: \d+\.\d s\n\[2\/2\] Compile \.\.\.\n\[2\/2\] Compile: failed\n$/,
  )
})

it('rewrites one line a step on a terminal', async () => {
  const { written, stream } = record(true)
  await stepCounter(1, showProgress(stream))('Fetch', () => Promise.resolve())
  expect(written[0]).toBe('\r[1/1] Fetch ... 0 s')
  expect(written.join('').split('\n')).toHaveLength(2)
})
