import { kthLargest } from '../kth-largest.js'
import type { PairCosines } from './pair-cosines.js'

/** Members that count as neighbours, as in the paper. */
const k1 = 20
/** Members whose neighbourhoods are averaged, as in the paper. */
const k2 = 6
/** Share of the cosine in the result; the rest is how much two neighbourhoods have in common. As in the paper. */
const lambda = 0.3

/** Weight of each member of a neighbourhood, by its position. */
type Neighbourhood = ReadonlyMap<number, number>

/**
 * Re-ranking with k-reciprocal encoding (Zhong, Zheng, Cao and Li, CVPR 2017) within a list: two members are alike where
 * they are each other's neighbours and have their neighbours in common.
 *
 * Distances are 1 - cosine, and neighbours are looked for in the list alone, the query among them.
 *
 * @param size members of the list, the query not counted
 * @param cosines of the query (0) and the members (from 1 on)
 * @returns for each member lambda * cosine + (1 - lambda) * Jaccard similarity of its neighbourhood and the query's
 */
export function kReciprocal(size: number, cosines: PairCosines): number[] {
  const members = Array.from({ length: size + 1 }, (_, at) => at)
  const nearest = members.map((one) => nearestOf(one, members, cosines))
  const wide = members.map((one) => reciprocal(one, k1, nearest))
  const close = members.map((one) => reciprocal(one, k1 / 2, nearest))
  const encoded = members.map((one) => encode(one, wide[one] ?? [], close, cosines))
  const averaged = nearest.map((near) => average(near.slice(0, k2).map((one) => encoded[one] ?? new Map())))
  const [query = new Map<number, number>(), ...others] = averaged
  return others.map((other, at) => lambda * cosines.of(0, at + 1) + (1 - lambda) * jaccard(query, other))
}

/** A member and its k1 nearest, nearest first, itself before all; of equals the one that stands first. */
function nearestOf(one: number, members: readonly number[], cosines: PairCosines): number[] {
  const row = Float64Array.from(members, (other) => (other === one ? Infinity : cosines.of(one, other)))
  const least = kthLargest(row, row.length, k1 + 1)
  return members
    .filter((other) => (row[other] ?? 0) >= least)
    .sort((a, b) => (row[b] ?? 0) - (row[a] ?? 0))
    .slice(0, k1 + 1)
}

/** Those among the k nearest of a member that have it among their own, itself first. */
function reciprocal(one: number, k: number, nearest: readonly (readonly number[])[]): number[] {
  return (nearest[one] ?? []).slice(0, k + 1).filter((other) => {
    const theirs = (nearest[other] ?? []).indexOf(one)
    return theirs >= 0 && theirs <= k
  })
}

/**
 * The reciprocal neighbours, and theirs where they mostly agree; each weighted by how near it is, 1 in sum.
 *
 * @param near reciprocal neighbours of the member
 * @param close of every member, among half as many
 */
function encode(
  one: number,
  near: readonly number[],
  close: readonly (readonly number[])[],
  cosines: PairCosines,
): Neighbourhood {
  const own = new Set(near)
  const expanded = new Set(near)
  for (const other of near) {
    const theirs = close[other] ?? []
    const common = theirs.filter((candidate) => own.has(candidate)).length
    if (common > (2 / 3) * theirs.length) for (const candidate of theirs) expanded.add(candidate)
  }
  const weights = new Map([...expanded].map((other) => [other, Math.exp(cosines.of(one, other) - 1)]))
  let sum = 0
  for (const weight of weights.values()) sum += weight
  for (const [other, weight] of weights) weights.set(other, weight / sum)
  return weights
}

function average(neighbourhoods: readonly Neighbourhood[]): Neighbourhood {
  const mean = new Map<number, number>()
  for (const neighbourhood of neighbourhoods) {
    for (const [member, weight] of neighbourhood) {
      mean.set(member, (mean.get(member) ?? 0) + weight / neighbourhoods.length)
    }
  }
  return mean
}

/** Of weighted sets that sum to 1 each: what both have over what either has. */
function jaccard(a: Neighbourhood, b: Neighbourhood): number {
  let common = 0
  for (const [member, weight] of a) common += Math.min(weight, b.get(member) ?? 0)
  return common / (2 - common)
}
