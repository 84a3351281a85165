import { setImmediate as nextTurn } from 'node:timers/promises'
import { SimdProducts } from './simd-products.js'

const rowsPerBlock = 128
const centresPerBlock = 256
const mostIterations = 100
/** Starts chosen before others get a turn, for Ctrl-C and progress bars. */
const startsPerTurn = 32

/** Where every row stands so far. */
interface Clustering {
  readonly rows: Float32Array
  readonly dimensions: number
  readonly centres: Float32Array
  /** Squared lengths of the rows. */
  readonly squares: Float64Array
  /** Cluster of each row; -1 before the first round. */
  readonly assigned: Int32Array
  /** Of each row to its centre, less the row's squared length. */
  readonly distances: Float64Array
  readonly simd: SimdProducts
}

/**
 * Lloyd's k-means from k-means++ starts (Arthur and Vassilvitskii, 2007), at most 100 rounds. A cluster that runs empty
 * takes the row farthest from its centre. A round compares only what can have changed: rows of a centre that moved
 * with all centres, every other row with the centres that moved.
 *
 * @param rows [count * dimensions]
 * @param clusters 1 up to the number of rows
 * @returns the cluster of each row
 * @throws the signal's reason when aborted
 */
export async function kMeans(
  rows: Float32Array,
  dimensions: number,
  clusters: number,
  random: () => number,
  signal?: AbortSignal,
): Promise<Int32Array> {
  const count = rows.length / dimensions
  const simd = new SimdProducts(dimensions, rowsPerBlock, centresPerBlock)
  const squares = Float64Array.from({ length: count }, (_, row) => squaredLength(rows, row, dimensions))
  const state: Clustering = {
    rows,
    dimensions,
    centres: await spreadStarts(rows, squares, simd, clusters, random, signal),
    squares,
    assigned: new Int32Array(count).fill(-1),
    distances: new Float64Array(count).fill(Infinity),
    simd,
  }
  let moved = new Uint8Array(clusters).fill(1)
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    await nextTurn()
    signal?.throwIfAborted()
    const changed = assign(state, moved)
    if (changed === null) break
    moved = changed
    recentre(state, moved)
  }
  return state.assigned
}

/** Each next centre is a row, drawn with a chance that grows with its squared distance from the centres so far. */
async function spreadStarts(
  rows: Float32Array,
  squares: Float64Array,
  simd: SimdProducts,
  clusters: number,
  random: () => number,
  signal?: AbortSignal,
): Promise<Float32Array> {
  const count = squares.length
  const dimensions = rows.length / count
  const centres = new Float32Array(clusters * dimensions)
  const nearest = new Float64Array(count).fill(Infinity)
  let chosen = Math.floor(random() * count)
  for (let cluster = 0; cluster < clusters; cluster++) {
    if (cluster % startsPerTurn === 0) {
      await nextTurn()
      signal?.throwIfAborted()
    }
    centres.set(rows.subarray(chosen * dimensions, (chosen + 1) * dimensions), cluster * dimensions)
    const square = squares[chosen] as number
    simd.setQueries({ rows: centres, start: cluster, count: 1 })
    let total = 0
    for (let start = 0; start < count; start += centresPerBlock) {
      const block = { rows, start, count: Math.min(centresPerBlock, count - start) }
      const { values } = simd.products(1, block)
      for (let i = 0; i < block.count; i++) {
        const both = (squares[start + i] as number) + square
        const distance = both - 2 * (values[i] as number)
        // Rounding must not give a row that is a centre already a chance.
        const measured = distance > 1e-6 * both ? distance : 0
        if (measured < (nearest[start + i] as number)) nearest[start + i] = measured
        total += nearest[start + i] as number
      }
    }
    let left = random() * total
    chosen = nearest.findIndex((distance) => (left -= distance) < 0)
    // Every row is a centre already (or rounding ran past the end): any row will do.
    if (chosen < 0) chosen = Math.floor(random() * count)
  }
  return centres
}

/**
 * Gives each row its nearest centre; of equals the first.
 *
 * @param moved centres that are not where they were in the last round
 * @returns the clusters that lost or gained a row; null where none did
 */
function assign(state: Clustering, moved: Uint8Array): Uint8Array<ArrayBuffer> | null {
  const { assigned, distances } = state
  const all = [...moved.keys()]
  const movedCentres = all.filter((cluster) => moved[cluster] === 1)
  const before = assigned.slice()
  const mustLookAgain: number[] = []
  const others: number[] = []
  assigned.forEach((cluster, row) => {
    if (cluster >= 0 && moved[cluster] === 0) others.push(row)
    else {
      distances[row] = Infinity
      mustLookAgain.push(row)
    }
  })
  compare(state, mustLookAgain, all)
  compare(state, others, movedCentres)
  const changed = new Uint8Array(moved.length)
  assigned.forEach((cluster, row) => {
    const from = before[row] as number
    if (cluster === from) return
    changed[cluster] = 1
    if (from >= 0) changed[from] = 1
  })
  return changed.includes(1) ? changed : null
}

/** Moves each of these rows to the nearest of these centres where that is nearer than its own. */
function compare(state: Clustering, rowsToMove: readonly number[], clusters: readonly number[]): void {
  const { rows, dimensions, centres, assigned, distances, simd } = state
  const candidates = gather(centres, clusters, dimensions)
  const squares = clusters.map((cluster) => squaredLength(centres, cluster, dimensions))
  for (let start = 0; start < rowsToMove.length; start += rowsPerBlock) {
    const members = rowsToMove.slice(start, start + rowsPerBlock)
    const queries = gather(rows, members, dimensions)
    simd.setQueries({ rows: queries, start: 0, count: members.length })
    for (let first = 0; first < clusters.length; first += centresPerBlock) {
      const count = Math.min(centresPerBlock, clusters.length - first)
      const { values, stride } = simd.products(members.length, { rows: candidates, start: first, count })
      members.forEach((row, i) => {
        let least = distances[row] as number
        let best = assigned[row] as number
        for (let c = 0; c < count; c++) {
          const distance = (squares[first + c] as number) - 2 * (values[i * stride + c] as number)
          if (distance > least) continue
          const cluster = clusters[first + c] as number
          if (distance === least && cluster >= best) continue
          least = distance
          best = cluster
        }
        distances[row] = least
        assigned[row] = best
      })
    }
  }
}

/** Puts the clusters that changed at the mean of their rows, and marks empty ones that jumped as changed. */
function recentre(state: Clustering, changed: Uint8Array): void {
  const { rows, dimensions, centres, assigned, distances, squares } = state
  const sums = new Float64Array(centres.length)
  const sizes = new Int32Array(changed.length)
  assigned.forEach((cluster, row) => {
    sizes[cluster] = (sizes[cluster] as number) + 1
    if (changed[cluster] === 0) return
    const [to, from] = [cluster * dimensions, row * dimensions]
    for (let d = 0; d < dimensions; d++) sums[to + d] = (sums[to + d] as number) + (rows[from + d] as number)
  })
  let far: number[] | undefined
  sizes.forEach((size, cluster) => {
    const at = cluster * dimensions
    if (size === 0) {
      const distance = (row: number): number => (distances[row] as number) + (squares[row] as number)
      far ??= [...assigned.keys()].sort((a, b) => distance(a) - distance(b))
      const row = far.pop() ?? 0
      centres.set(rows.subarray(row * dimensions, (row + 1) * dimensions), at)
      changed[cluster] = 1
    } else if (changed[cluster] === 1) {
      for (let d = 0; d < dimensions; d++) centres[at + d] = (sums[at + d] as number) / size
    }
  })
}

function gather(from: Float32Array, rows: readonly number[], dimensions: number): Float32Array {
  const gathered = new Float32Array(rows.length * dimensions)
  rows.forEach((row, n) => {
    gathered.set(from.subarray(row * dimensions, (row + 1) * dimensions), n * dimensions)
  })
  return gathered
}

function squaredLength(rows: Float32Array, row: number, dimensions: number): number {
  let sum = 0
  for (let d = row * dimensions; d < (row + 1) * dimensions; d++) sum += (rows[d] as number) ** 2
  return sum
}
