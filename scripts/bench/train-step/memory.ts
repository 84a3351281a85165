import { tf } from '../../../src/tensors/tensorflow.js'
import type { Trainer } from './steps.js'

/** What a process holds once so many steps are done. */
export interface MemoryPoint {
  readonly step: number
  readonly tensors: number
  readonly tensorBytes: number
  /** Resident bytes of the process. */
  readonly residentBytes: number
}

/** What is kept from the first steps on (moments, kernels, threads) is no leak. */
const warmUpSteps = 3

/**
 * Takes steps and looks at the memory after each interval, and once before the first.
 *
 * @param options.every steps of an interval
 * @param options.onPoint told of each look as it happens
 */
export async function watchMemory(
  trainer: Trainer,
  { steps, every, onPoint }: { steps: number; every: number; onPoint: (point: MemoryPoint) => void },
): Promise<MemoryPoint[]> {
  await trainer.run(warmUpSteps)
  const points: MemoryPoint[] = []
  const look = (step: number): void => {
    const { numTensors: tensors, numBytes: tensorBytes } = tf.memory()
    const point = { step, tensors, tensorBytes, residentBytes: process.memoryUsage.rss() }
    points.push(point)
    onPoint(point)
  }
  look(0)
  for (let done = 0; done < steps;) {
    const next = Math.min(every, steps - done)
    await trainer.run(next)
    look((done += next))
  }
  return points
}

/** Resident bytes that a step adds, by least squares over the points; 0 where there are fewer than two. */
export function slopeOf(points: readonly Pick<MemoryPoint, 'step' | 'residentBytes'>[]): number {
  const mean = (of: (point: { step: number; residentBytes: number }) => number): number =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length
  const [step, bytes] = [mean((point) => point.step), mean((point) => point.residentBytes)]
  const variance = mean((point) => (point.step - step) ** 2)
  return variance > 0 ? mean((point) => (point.step - step) * (point.residentBytes - bytes)) / variance : 0
}

/** Tensors that are there at the end and were not at the beginning. */
export const leakedTensors = (points: readonly MemoryPoint[]): number =>
  (points.at(-1)?.tensors ?? 0) - (points[0]?.tensors ?? 0)

export const describePoint = ({ step, tensors, tensorBytes, residentBytes }: MemoryPoint): string =>
  `step ${String(step).padStart(6)}  ${String(tensors).padStart(6)} tensors  ${megabytes(tensorBytes)} MB in them  ${megabytes(residentBytes)} MB resident`

const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1).padStart(8)
