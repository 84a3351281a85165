import { dotProducts } from './dot-products.js'

const rowsPerBlock = 256
const mostIterations = 100

/**
 * Lloyd's k-means from k-means++ starts (Arthur and Vassilvitskii, 2007), at most 100 rounds. A cluster that runs empty
 * takes the row farthest from its centre.
 *
 * @param rows [count * dimensions]
 * @param clusters 1 up to the number of rows
 * @returns the cluster of each row
 */
export function kMeans(
  rows: Float32Array,
  dimensions: number,
  clusters: number,
  random: () => number,
  signal?: AbortSignal,
): Int32Array {
  const count = rows.length / dimensions
  const centres = spreadStarts(rows, dimensions, clusters, random)
  const assigned = new Int32Array(count).fill(-1)
  const distances = new Float64Array(count)
  for (let iteration = 0; iteration < mostIterations; iteration++) {
    signal?.throwIfAborted()
    const moved = assign(rows, centres, dimensions, assigned, distances)
    if (!moved) break
    recentre(rows, centres, dimensions, assigned, distances)
  }
  return assigned
}

/** Each next centre is a row, drawn with a chance that grows with its squared distance from the centres so far. */
function spreadStarts(
  rows: Float32Array,
  dimensions: number,
  clusters: number,
  random: () => number,
): Float32Array {
  const count = rows.length / dimensions
  const centres = new Float32Array(clusters * dimensions)
  const nearest = new Float64Array(count).fill(Infinity)
  let chosen = Math.floor(random() * count)
  for (let cluster = 0; cluster < clusters; cluster++) {
    const centre = rows.subarray(chosen * dimensions, (chosen + 1) * dimensions)
    centres.set(centre, cluster * dimensions)
    let total = 0
    for (let row = 0; row < count; row++) {
      const distance = squaredDistance(rows, row * dimensions, centre)
      if (distance < (nearest[row] as number)) nearest[row] = distance
      total += nearest[row] as number
    }
    let left = random() * total
    chosen = nearest.findIndex((distance) => (left -= distance) < 0)
    // Every row is a centre already (or rounding ran past the end): any row will do.
    if (chosen < 0) chosen = Math.floor(random() * count)
  }
  return centres
}

function squaredDistance(rows: Float32Array, start: number, centre: Float32Array): number {
  let sum = 0
  for (let d = 0; d < centre.length; d++) {
    const difference = (rows[start + d] as number) - (centre[d] as number)
    sum += difference * difference
  }
  return sum
}

/** Gives each row its nearest centre. @returns whether any row changed its cluster */
function assign(
  rows: Float32Array,
  centres: Float32Array,
  dimensions: number,
  assigned: Int32Array,
  distances: Float64Array,
): boolean {
  const clusters = centres.length / dimensions
  const all = { start: 0, count: clusters }
  const products = new Float64Array(rowsPerBlock * clusters)
  const origin = new Float32Array(dimensions)
  const squares = Float64Array.from({ length: clusters }, (_, c) =>
    squaredDistance(centres, c * dimensions, origin),
  )
  let moved = false
  for (let start = 0; start < assigned.length; start += rowsPerBlock) {
    const block = { start, count: Math.min(rowsPerBlock, assigned.length - start) }
    dotProducts(rows, block, centres, all, dimensions, products)
    for (let i = 0; i < block.count; i++) {
      let best = 0
      let least = Infinity
      for (let c = 0; c < clusters; c++) {
        const distance = (squares[c] as number) - 2 * (products[i * clusters + c] as number)
        if (distance < least) {
          least = distance
          best = c
        }
      }
      if (assigned[start + i] !== best) moved = true
      assigned[start + i] = best
      distances[start + i] = least + squaredDistance(rows, (start + i) * dimensions, origin)
    }
  }
  return moved
}

function recentre(
  rows: Float32Array,
  centres: Float32Array,
  dimensions: number,
  assigned: Int32Array,
  distances: Float64Array,
): void {
  const clusters = centres.length / dimensions
  const sums = new Float64Array(centres.length)
  const sizes = new Int32Array(clusters)
  assigned.forEach((cluster, row) => {
    sizes[cluster] = (sizes[cluster] as number) + 1
    for (let d = 0; d < dimensions; d++) {
      const at = cluster * dimensions + d
      sums[at] = (sums[at] as number) + (rows[row * dimensions + d] as number)
    }
  })
  sizes.forEach((size, cluster) => {
    const at = cluster * dimensions
    if (size > 0)
      centres.set(
        Float32Array.from(sums.subarray(at, at + dimensions), (sum) => sum / size),
        at,
      )
    else {
      const far = distances.indexOf(distances.reduce((most, distance) => Math.max(most, distance), -Infinity))
      distances[far] = -Infinity
      centres.set(rows.subarray(far * dimensions, (far + 1) * dimensions), at)
    }
  })
}
