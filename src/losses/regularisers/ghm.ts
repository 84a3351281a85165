import { ghmDistance } from '../distances/ghm.js'
import { ghmPair, ghmPairParams, ghmSource } from '../ghm-pair.js'
import { defineRegulariser, withoutVariables } from '../loss.js'

/** The pair form of GHM as an added term. */
export const ghmRegulariser = defineRegulariser({
  name: 'ghm',
  summary: 'Adds the pair form of the hybrid distance, partly of directions and partly of distributions.',
  source: ghmSource,
  params: ghmPairParams,
  weight: 1,
  create({ margin, ...settings }) {
    const distance = ghmDistance(settings)
    return withoutVariables(({ embeddings, labels }) => ghmPair(embeddings, labels, distance, { margin }))
  },
})
