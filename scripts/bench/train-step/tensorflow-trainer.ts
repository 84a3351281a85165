import { createNetwork } from '../../../src/networks/create-network.js'
import { createAdamW } from '../../../src/tensors/adamw.js'
import { clipGradients } from '../../../src/tensors/clip-gradients.js'
import { tf } from '../../../src/tensors/tensorflow.js'
import { learning, type TrainStepSettings } from './settings.js'
import type { NextBatch, StepTimes, Trainer } from './steps.js'

/** kindred's own training step on the batches it is given. */
export function createTensorflowTrainer(
  name: string,
  settings: TrainStepSettings,
  nextBatch: NextBatch,
): Trainer {
  const { architecture, batch, size, seed } = settings
  const network = createNetwork(architecture, { seed })
  const named = [...network.variables]
  const variables = named.map(([, variable]) => variable)
  const adamW = createAdamW(
    named.map(([name, variable]) => ({
      name,
      variable,
      rateFactor: 1,
      weightDecay: learning.weightDecay,
    })),
  )

  const step = async (): Promise<StepTimes> => {
    const asked = performance.now()
    const values = await nextBatch(settings)
    const began = performance.now()
    let forwardDone = began
    tf.engine().startScope()
    const images = tf.tensor4d(values, [batch, size, size, 3])
    const { grads } = tf.variableGrads(() => {
      const loss = tf.sum<tf.Scalar>(tf.square(tf.sum(network.embed(images), 0)))
      loss.dataSync()
      forwardDone = performance.now()
      return loss
    }, variables)
    const backwardDone = performance.now()
    const byName = new Map(
      named.flatMap(([name, { name: key }]) => {
        const gradient = grads[key]
        return gradient === undefined ? [] : [[name, gradient] as const]
      }),
    )
    adamW.step(clipGradients(byName, learning.maxNorm).gradients, learning.rate)
    tf.engine().endScope()
    return {
      data: began - asked,
      forward: forwardDone - began,
      backward: backwardDone - forwardDone,
      optimiser: performance.now() - backwardDone,
    }
  }

  return {
    name,
    async run(steps): Promise<StepTimes[]> {
      const times: StepTimes[] = []
      for (let done = 0; done < steps; done++) times.push(await step())
      return times
    },
    close(): Promise<void> {
      adamW.dispose()
      network.dispose()
      return Promise.resolve()
    },
  }
}
