import { createRandom } from '../../src/datasets/random.js'
import {
  createObjective,
  resolveObjective,
  type Objective,
  type ObjectiveSettings,
} from '../../src/losses/objective.js'

/** An objective for tests: that of the settings, the rest of which are those of a run that asks for nothing more. */
export function tinyObjective(
  over: Partial<ObjectiveSettings>,
  { seed = 1, classes = 3, dimensions = 4 } = {},
): Objective {
  const settings = { ...plainObjective, ...over }
  return createObjective(resolveObjective(settings), {
    classes,
    dimensions,
    random: (purpose) => createRandom(seed + purpose.length),
  })
}

export const plainObjective: ObjectiveSettings = {
  loss: 'contrastive',
  lossParams: {},
  distance: 'euclidean',
  distanceParams: {},
  regularize: {},
  regularizerParams: {},
}
