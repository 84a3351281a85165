import type { LoadPlan } from '../../bench/live/load/measure-load.js'
import { KindredError } from '../../errors.js'
import { mostRate, type BenchFlags } from './bench-flags.js'

/** The load that flags ask for; null where none do. @throws KindredError INVALID_ARGUMENT where then nothing is measured */
export function loadPlan(flags: BenchFlags): LoadPlan | null {
  const { rate, clients, slo, arrivals, retrieval, maxRate = mostRate } = flags
  if (slo === undefined && flags.maxRate !== undefined) {
    throw new KindredError('INVALID_ARGUMENT', '--max-rate means nothing without --slo', {
      hint: '--slo looks for the highest rate; --rate alone is one.',
    })
  }
  if (rate === undefined && clients === undefined && slo === undefined) {
    if (retrieval) return null
    throw new KindredError('INVALID_ARGUMENT', '--no-retrieval leaves nothing to measure', {
      hint: 'Ask for load with --rate, --clients or --slo.',
    })
  }
  return {
    settings: {
      arrivals,
      seconds: flags.duration,
      warmUp: flags.warmUp,
      connections: flags.connections,
      timeoutSeconds: flags.timeout,
      k: flags.k,
      ef: flags.ef ?? null,
      seed: flags.seed,
    },
    shapes: [
      ...(clients === undefined ? [] : [{ loop: 'closed', clients } as const]),
      // With an objective the rate is where the search for the highest begins.
      ...(rate === undefined || slo !== undefined ? [] : [{ loop: 'open', arrivals, rate } as const]),
    ],
    ramp: slo === undefined ? null : { sloMs: slo, from: rate ?? 1, most: maxRate },
    distinct: flags.loadQueries,
  }
}
