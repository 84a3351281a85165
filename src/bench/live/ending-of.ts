import { KindredError, toKindredError } from '../../errors.js'

/** Why a run ends early that has measured something to the end: INTERRUPTED where its signal was set off. */
export const endingOf = (thrown: unknown, signal: AbortSignal | undefined): KindredError =>
  signal?.aborted === true
    ? new KindredError('INTERRUPTED', 'Stopped before all was measured', { cause: thrown })
    : toKindredError(thrown)
