import { KindredError } from '../../errors.js'
import type { tf } from '../../tensors/tensorflow.js'
import { logSumExp } from '../float64/log-sum-exp.js'
import { unitRows } from '../float64/rows.js'
import { similaritiesOf, similarityLoss } from '../float64/similarity-loss.js'
import { SquareMatrix } from '../float64/square-matrix.js'
import { defineRegulariser, withoutVariables } from '../loss.js'
import { number } from '../params.js'

/**
 * Listwise self-distillation (Zeng, Yang, Wang, Satoh, arXiv 2206.08880): the student keeps the soft order of the batch
 * that it saw an epoch ago,
 *
 *     L = tau^2 mean over i of KL(Q_i || P_i),   P_i = softmax over j of (S_ij / tau), Q_i likewise by the teacher
 *
 * with i itself among the j.
 *
 * @param embeddings raw embeddings, [B, D]
 * @param teacher embeddings of the same images by the teacher, of any length, [B, D]; no gradient flows to them
 */
export function lsd(embeddings: tf.Tensor2D, teacher: tf.Tensor2D, { tau }: { tau: number }): tf.Scalar {
  const [count, width] = teacher.shape
  const values = Float64Array.from(teacher.dataSync())
  // A similarity that is not a number would vanish in the largest term of the softmax.
  if (!values.every(Number.isFinite)) throw new KindredError('TRAINING_DIVERGED', 'The teacher is not finite')
  const ofTeacher = similaritiesOf(unitRows({ values, count, width }).unit)
  return similarityLoss(embeddings, (similarities) => {
    const gradient = new SquareMatrix(count)
    const everyone = Array.from({ length: count }, (_, j) => j)
    let value = 0
    for (let i = 0; i < count; i++) {
      const student = everyone.map((j) => similarities.get(i, j) / tau)
      const target = everyone.map((j) => ofTeacher.get(i, j) / tau)
      const p = logSumExp(student, { start: 0 })
      const q = logSumExp(target, { start: 0 })
      for (const j of everyone) {
        const share = q.shares[j] as number
        const logQ = (target[j] as number) - q.value
        const logP = (student[j] as number) - p.value
        value += (tau * tau * share * (logQ - logP)) / count
        gradient.add(i, j, (tau * ((p.shares[j] as number) - share)) / count)
      }
    }
    return { value, gradient }
  })
}

export const lsdRegulariser = defineRegulariser({
  name: 'lsd',
  summary:
    'Keeps the soft order of similarities that the network of the previous epoch gives the same batch.',
  source:
    'Zeng, Yang, Wang, Satoh: Improving Generalization of Metric Learning via Listwise Self-distillation, ' +
    'arXiv 2206.08880',
  params: { tau: number(1, 'Temperature of both softmaxes.', [1e-3, 1e3]) },
  weight: 100,
  ramped: true,
  needsTeacher: true,
  create: (params) =>
    withoutVariables(({ embeddings, teacher }) => {
      if (teacher === null) throw new KindredError('INTERNAL', 'lsd needs the embeddings of its teacher')
      return lsd(embeddings, teacher, params)
    }),
})
