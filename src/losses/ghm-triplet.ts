import { ghmDistance, ghmParams } from './distances/ghm.js'
import { ghmSource } from './ghm-pair.js'
import { defineLoss, withoutVariables } from './loss.js'
import { allTriplets } from './mining/mining.js'
import { number } from './params.js'
import { triplet } from './triplet.js'

/** The triplet form of GHM: the triplet loss of all valid triplets, zeros included in the mean. */
export const ghmTripletLoss = defineLoss({
  name: 'ghm-triplet',
  summary: 'Triplets by a distance that is partly of directions and partly of distributions.',
  source: ghmSource,
  params: {
    ...ghmParams,
    margin: number(0.1, 'By how much the negative must be farther, in [0, 1].'),
  },
  create({ margin, ...settings }) {
    const distance = ghmDistance(settings)
    return withoutVariables(({ embeddings, labels }) =>
      triplet(embeddings, labels, distance, { margin, mine: allTriplets, mean: 'all' }),
    )
  },
})
