import type { RunState } from './checkpoint.js'
import type { TrainSettings } from './settings.js'

/** Whether so many steps fill an epoch whose validation is still to come. */
export const epochIsDue = ({ step, epochsEnded }: RunState, stepsPerEpoch: number): boolean =>
  step >= (epochsEnded + 1) * stepsPerEpoch

/** Why a run takes no further step; null while it goes on. */
export function endOf(
  { epochsEnded, best }: RunState,
  { epochs, validation: { patience } }: Pick<TrainSettings, 'epochs' | 'validation'>,
): 'epochs' | 'patience' | null {
  if (epochsEnded >= epochs) return 'epochs'
  // Without validation figures the latest epoch is the best, so that patience never ends.
  return patience !== null && best !== null && epochsEnded - best.epoch >= patience ? 'patience' : null
}
