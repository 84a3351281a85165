/** What one run of the study changes about the trainer's settings. */
export interface Cell {
  readonly task: string
  readonly labelNoise: number
  readonly headStart: 'principal' | 'random'
  readonly loss: string
  readonly distance: string
  /** As `--regularize` takes it; empty for none. */
  readonly regularize: Readonly<Record<string, number>>
  readonly regularizerParams: Readonly<Record<string, Readonly<Record<string, number>>>>
  readonly learningRate: number
}

/** One row of the study: a method, on a base loss, with or without wrong labels. */
export interface Method {
  readonly group: Group
  readonly name: string
  /** What the search tries, one run each. `chosen` gives the cells that other methods of the group ended with. */
  candidates(chosen: (name: string) => Cell): Cell[]
}

/** Methods that are searched and run one after another: each may build on those before it. */
export interface Group {
  readonly task: string
  readonly labelNoise: number
  readonly base: string
  readonly kind: 'starts' | 'regularisers' | 'distance' | 'fine-tuned'
}

/** Rates of the head; the backbone is frozen. Nine, as many settings as every other search has. */
const learningRates = [1e-4, 2e-4, 5e-4, 1e-3, 2e-3, 5e-3, 1e-2, 2e-2, 5e-2]
const lsdWeights = [25, 50, 100, 200, 400, 1000, 2000, 4000, 10_000]
const rankingWeights = [0.05, 0.23, 1]
const rankingStrengths = [0.1, 0.3, 1]
const ghmWeights = [0.03, 0.1, 0.2, 0.3, 0.6, 1, 2, 5, 10]
/** Of the weights that each regulariser has alone. */
const shares = [0.05, 0.1, 0.2, 0.3, 0.5, 0.7, 1, 1.5, 2]
const lambdas = [1, 0.5, 0]

/** The groups of heads, in the order in which they run. */
export function headGroups(tasks: readonly string[], noises: readonly number[]): Group[] {
  const starts = tasks.map((task): Group => ({ task, labelNoise: 0, base: 'proxy-anchor', kind: 'starts' }))
  const trained = tasks.flatMap((task) =>
    noises.flatMap((labelNoise) => [
      ...['multi-similarity', 'contrastive', 'proxy-anchor'].map((base): Group => ({
        task,
        labelNoise,
        base,
        kind: 'regularisers',
      })),
      ...['contrastive', 'triplet', 'margin'].map((base): Group => ({
        task,
        labelNoise,
        base,
        kind: 'distance',
      })),
    ]),
  )
  return [...starts, ...trained]
}

/** Groups in which the backbone's last blocks learn too: a base loss as it is, and with distillation. */
export const fineTunedGroups: readonly Group[] = ['proxy-anchor', 'multi-similarity'].map((base) => ({
  task: 'birds',
  labelNoise: 0,
  base,
  kind: 'fine-tuned',
}))

export function methodsOf(group: Group): Method[] {
  const { task, labelNoise, base: loss, kind } = group
  const plain = {
    task,
    labelNoise,
    headStart: 'principal',
    loss,
    distance: 'euclidean',
    regularize: {},
    regularizerParams: {},
  } as const
  const method = (name: string, candidates: Method['candidates']): Method => ({ group, name, candidates })

  if (kind === 'starts') {
    return (['random', 'principal'] as const).map((headStart) =>
      method(`${headStart} head, untrained`, () => [{ ...plain, headStart, learningRate: 0 }]),
    )
  }
  if (kind === 'distance') {
    return lambdas.map((lambda) =>
      method(`ghm distance, lambda ${lambda}`, () =>
        learningRates.map((learningRate) => ({ ...plain, distance: `ghm:${lambda}`, learningRate })),
      ),
    )
  }
  if (kind === 'fine-tuned') {
    // No search: hours of a CPU. The rate is that of the shipped recipe.
    const learningRate = 1e-4
    return [
      method('plain', () => [{ ...plain, learningRate }]),
      method('+lsd', () => [{ ...plain, regularize: { lsd: 1000 }, learningRate }]),
    ]
  }
  return [
    method('plain', () => learningRates.map((learningRate) => ({ ...plain, learningRate }))),
    method('+lsd', (chosen) => lsdWeights.map((lsd) => ({ ...chosen('plain'), regularize: { lsd } }))),
    method('+ranking', (chosen) =>
      rankingWeights.flatMap((ranking) =>
        rankingStrengths.map((r) => ({
          ...chosen('plain'),
          regularize: { ranking },
          regularizerParams: { ranking: { r } },
        })),
      ),
    ),
    method('+ghm', (chosen) => ghmWeights.map((ghm) => ({ ...chosen('plain'), regularize: { ghm } }))),
    method('together', (chosen) => {
      const parts = ['+lsd', '+ranking', '+ghm'].map(chosen)
      const weights = parts.flatMap(({ regularize }) => Object.entries(regularize))
      const { regularizerParams } = chosen('+ranking')
      return shares.map((share) => ({
        ...chosen('plain'),
        regularize: Object.fromEntries(weights.map(([name, weight]) => [name, share * weight])),
        regularizerParams,
      }))
    }),
  ]
}
