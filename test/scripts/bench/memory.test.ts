import { describe, expect, it } from 'vitest'
import { leakedTensors, slopeOf, watchMemory } from '../../../scripts/bench/train-step/memory.js'
import type { Trainer } from '../../../scripts/bench/train-step/steps.js'
import { tf } from '../../../src/tensors/tensorflow.js'

/** Leaves so many tensors behind at each step. */
const leaving = (tensors: number): Trainer => ({
  name: 'leaving',
  run: (steps) => {
    for (let left = 0; left < steps * tensors; left++) tf.scalar(left)
    return Promise.resolve([])
  },
  close: () => Promise.resolve(),
})

describe('the memory of many steps', () => {
  it('is looked at before the first, after each interval and after the last', async () => {
    const seen: number[] = []
    const options = { steps: 25, every: 10, onPoint: ({ step }: { step: number }) => seen.push(step) }
    const points = await watchMemory(leaving(0), options)
    expect(seen).toEqual([0, 10, 20, 25])
    expect(points.every(({ residentBytes }) => residentBytes > 0)).toBe(true)
    expect(leakedTensors(points)).toBe(0)
  })

  it('tells tensors that are left behind', async () => {
    const points = await watchMemory(leaving(2), { steps: 20, every: 5, onPoint: () => undefined })
    expect(leakedTensors(points)).toBe(40)
  })

  it('has the slope of the line through the looks', () => {
    const line = [0, 10, 20, 30].map((step) => ({ step, residentBytes: 5000 + 12 * step }))
    expect(slopeOf(line)).toBeCloseTo(12, 9)
    expect(slopeOf([{ step: 0, residentBytes: 1 }])).toBe(0)
  })
})
