import { createRandom } from '../datasets/random.js'
import { KindredError } from '../errors.js'
import type { Objective } from '../losses/objective.js'
import { tf } from '../tensors/tensorflow.js'
import type { Batch } from './batch-source.js'
import type { Optimiser } from './optimiser.js'
import { seedOf } from './seeds.js'
import type { Student } from './student.js'
import type { Teacher } from './teacher.js'

export interface StepReport {
  readonly loss: number
  /** What each part of the objective brought to it: `base`, and the regularisers by name. */
  readonly parts: Readonly<Record<string, number>>
  /** Global norm of the gradient before it was clipped. */
  readonly gradientNorm: number
  /** Milliseconds of each part; tfjs-node computes at once, so they add up to the step. */
  readonly teacherMs: number
  readonly forwardMs: number
  readonly backwardMs: number
  readonly optimiserMs: number
}

/** What a step works with. */
export interface Learner {
  readonly student: Student
  readonly objective: Objective
  /** null where the objective has no use for one. */
  readonly teacher: Teacher | null
  readonly optimiser: Optimiser
}

/**
 * One step: teacher where there is one, forward, loss, backward, optimiser.
 *
 * @param options.rate learning rate of the backbone at this step
 * @param options.frozen whether the backbone stays as it is
 * @param options.step from 0
 * @param options.progress epochs done over those of the run
 * @param options.seed of the run: what losses draw depends on it and the step alone
 * @throws KindredError TRAINING_DIVERGED when loss or gradient is not finite; nothing has moved then
 */
export function trainingStep(
  { student, objective, teacher, optimiser }: Learner,
  batch: Batch,
  {
    rate,
    frozen,
    step,
    progress,
    seed,
  }: { rate: number; frozen: boolean; step: number; progress: number; seed: number },
): StepReport {
  const { labels } = batch
  const random = (purpose: string) => createRandom(seedOf(seed, `${purpose} of a step`, step))
  const learning = optimiser.learning(frozen)
  // The walk back ends at the first layer that learns.
  const learns = new Set(learning)
  for (const variable of student.variables.values()) variable.trainable = learns.has(variable)
  return tf.tidy(() => {
    const asked = performance.now()
    const examples = tf.tensor(batch.inputs, [labels.length, ...student.exampleShape])
    // Before the tape runs: nothing of the teacher's pass is kept.
    const ofTeacher = objective.needsTeacher(progress) && teacher !== null ? teacher.embed(examples) : null
    const began = performance.now()
    let forwardDone = began
    const parts: Record<string, number> = {}
    const { value, grads } = tf.variableGrads(() => {
      const embeddings = student.forward(examples)
      const cost = objective.value({ embeddings, labels, teacher: ofTeacher, progress, random })
      for (const [name, part] of cost.parts) parts[name] = part.dataSync()[0] ?? NaN
      forwardDone = performance.now()
      return cost.total
    }, learning)
    const cost = value.dataSync()[0] ?? NaN
    if (!Number.isFinite(cost)) {
      const of = Object.entries(parts).map(([name, part]) => `${name} ${part}`)
      throw new KindredError(
        'TRAINING_DIVERGED',
        `The loss of step ${step + 1} is ${cost} (${of.join(', ')})`,
      )
    }
    const backwardDone = performance.now()
    const gradientNorm = optimiser.step(grads, rate)
    return {
      loss: cost,
      parts,
      gradientNorm,
      teacherMs: began - asked,
      forwardMs: forwardDone - began,
      backwardMs: backwardDone - forwardDone,
      optimiserMs: performance.now() - backwardDone,
    }
  })
}
