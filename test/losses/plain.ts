import type { Matrix } from './check-loss.js'

/** The pieces of losses by plain loops in float64, for the oracles of tests. */
export const dot = (a: number[], b: number[]): number => a.reduce((sum, x, k) => sum + x * (b[k] ?? NaN), 0)

export const unit = (v: number[]): number[] => {
  const length = Math.sqrt(Math.max(dot(v, v), 1e-12))
  return v.map((x) => x / length)
}

export const cosine = (a: number[], b: number[]): number => dot(unit(a), unit(b))

const root = (v: number): number => Math.sqrt(Math.max(v, 1e-12))

export const euclideanDistance = (a: number[], b: number[]): number => {
  const [x, y] = [unit(a), unit(b)]
  return root(x.reduce((sum, value, k) => sum + (value - (y[k] ?? NaN)) ** 2, 0))
}

export const softmax = (v: number[], temperature: number): number[] => {
  const most = Math.max(...v)
  const powers = v.map((x) => Math.exp((x - most) / temperature))
  const sum = powers.reduce((a, b) => a + b, 0)
  return powers.map((x) => x / sum)
}

/** Jensen and Shannon's divergence as two of Kullback and Leibler's. */
const jensenShannon = (p: number[], q: number[]): number => {
  const half = (a: number[], b: number[]): number =>
    a.reduce((sum, x, k) => (x === 0 ? sum : sum + x * Math.log(x / ((x + (b[k] ?? NaN)) / 2))), 0)
  return (half(p, q) + half(q, p)) / 2
}
const hellinger = (p: number[], q: number[]): number =>
  1 - p.reduce((sum, x, k) => sum + Math.sqrt(x * (q[k] ?? NaN)), 0)
const jeffreys = (p: number[], q: number[]): number => {
  const sum = p.reduce((all, x, k) => {
    const y = q[k] ?? NaN
    return x === y ? all : all + (x - y) * Math.log(x / y)
  }, 0)
  return 1 - Math.exp(-sum / (8 * Math.LN2))
}

export const ghmDistance =
  (lambda: number, temperature = 1, divergence: 'js' | 'hellinger' | 'jeffreys' = 'js') =>
  (a: number[], b: number[]): number => {
    const [p, q] = [softmax(a, temperature), softmax(b, temperature)]
    const probabilistic = {
      js: () => root(jensenShannon(p, q)) / Math.sqrt(Math.LN2),
      hellinger: () => root(hellinger(p, q)),
      jeffreys: () => root(jeffreys(p, q)),
    }[divergence]()
    return (lambda * euclideanDistance(a, b)) / 2 + (1 - lambda) * probabilistic
  }

export type PlainDistance = (a: number[], b: number[]) => number

/** Every ordered pair of different rows. */
export const pairsOf = (labels: number[]): { i: number; j: number; positive: boolean }[] =>
  labels.flatMap((one, i) =>
    labels.flatMap((other, j) => (i === j ? [] : [{ i, j, positive: one === other }])),
  )

/** Every anchor, positive and negative. */
export const tripletsOf = (labels: number[]): { a: number; p: number; n: number }[] =>
  pairsOf(labels)
    .filter(({ positive }) => positive)
    .flatMap(({ i: a, j: p }) => labels.flatMap((label, n) => (label === labels[a] ? [] : [{ a, p, n }])))

export const between =
  (rows: Matrix, distance: PlainDistance) =>
  (i: number, j: number): number =>
    distance(rows[i] ?? [], rows[j] ?? [])

export const sum = (values: number[]): number => values.reduce((all, value) => all + value, 0)
export const mean = (values: number[]): number => (values.length === 0 ? 0 : sum(values) / values.length)
/** The mean of what is above 0 of the values. */
export const meanOfHinges = (values: number[]): number => mean(values.filter((value) => value > 0))

/** -log softmax of the entry at `own`. */
export const logLoss = (logits: number[], own: number): number => {
  const most = Math.max(...logits)
  return most + Math.log(sum(logits.map((x) => Math.exp(x - most)))) - (logits[own] ?? NaN)
}
