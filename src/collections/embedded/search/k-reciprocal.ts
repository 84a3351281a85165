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
  const encoded = members.map((one) => encode(one, nearest, cosines))
  const averaged = nearest.map((near) => average(near.slice(0, k2).map((one) => encoded[one] ?? new Map())))
  const [query = new Map<number, number>(), ...others] = averaged
  return others.map((other, at) => lambda * cosines.of(0, at + 1) + (1 - lambda) * jaccard(query, other))
}

/** A member and its k1 nearest, nearest first, itself before all; of equals the one that stands first. */
function nearestOf(one: number, members: readonly number[], cosines: PairCosines): number[] {
  const others = members
    .filter((other) => other !== one)
    .map((other) => ({ other, cosine: cosines.of(one, other) }))
    .sort((a, b) => b.cosine - a.cosine)
  return [one, ...others.slice(0, k1).map(({ other }) => other)]
}

/** Those among the k nearest of a member that have it among their own. */
function reciprocal(one: number, k: number, nearest: readonly (readonly number[])[]): number[] {
  return (nearest[one] ?? []).slice(0, k + 1).filter((other) => {
    const theirs = (nearest[other] ?? []).indexOf(one)
    return theirs >= 0 && theirs <= k
  })
}

/** The reciprocal neighbours, and theirs where they mostly agree; each weighted by how near it is, 1 in sum. */
function encode(one: number, nearest: readonly (readonly number[])[], cosines: PairCosines): Neighbourhood {
  const near = new Set(reciprocal(one, k1, nearest))
  const expanded = new Set(near)
  for (const other of near) {
    const theirs = reciprocal(other, k1 / 2, nearest)
    const common = theirs.filter((candidate) => near.has(candidate)).length
    if (common > (2 / 3) * theirs.length) for (const candidate of theirs) expanded.add(candidate)
  }
  const weights = [...expanded].map((other) => Math.exp(cosines.of(one, other) - 1))
  const sum = weights.reduce((total, weight) => total + weight, 0)
  return new Map([...expanded].map((other, at) => [other, (weights[at] ?? 0) / sum]))
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
