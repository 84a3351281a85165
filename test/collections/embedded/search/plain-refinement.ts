import { dotProduct } from '../../../../src/collections/embedded/dot-product.js'

/** The stages of a refinement as their papers write them, with plain loops over whole matrices. */

export interface PlainMember {
  readonly id: string
  readonly score: number
  readonly embedding: Float32Array
}

export interface PlainOptions {
  readonly collapse?: number
  readonly rerank?: 'query-expansion' | 'k-reciprocal'
  readonly diversity?: number
}

export const cosine = (a: Float32Array, b: Float32Array): number =>
  Math.max(-1, Math.min(1, dotProduct(a, 0, b)))

const range = (count: number): number[] => Array.from({ length: count }, (_, at) => at)

/** What stays, with the members that each stands for. */
export function plainCollapse<T extends { readonly embedding: Float32Array }>(
  list: readonly T[],
  threshold: number,
): { member: T; others: T[] }[] {
  const stays: { member: T; others: T[] }[] = []
  for (const member of list) {
    const near = stays.filter((one) => cosine(one.member.embedding, member.embedding) > threshold)
    if (near[0] === undefined) stays.push({ member, others: [] })
    else near[0].others.push(member)
  }
  return stays
}

/** Query + sum over the five nearest of cosine^3 * neighbour. */
export function plainExpansion(query: Float32Array, list: readonly PlainMember[]): Float32Array {
  const sum = [...query]
  for (const { score, embedding } of list.slice(0, 5)) {
    for (const d of range(sum.length)) sum[d] = (sum[d] ?? 0) + Math.max(score, 0) ** 3 * (embedding[d] ?? 0)
  }
  const norm = Math.hypot(...sum)
  return Float32Array.from(sum, (value) => value / norm)
}

/** Zhong et al. with k1 = 20, k2 = 6, lambda = 0.3: the similarity (1 - final distance) of each member to the query. */
export function plainKReciprocal(query: Float32Array, embeddings: readonly Float32Array[]): number[] {
  const all = [query, ...embeddings]
  const n = all.length
  const distance = all.map((a) => all.map((b) => 1 - cosine(a, b)))
  const rank = range(n).map((i) => [
    i,
    ...range(n)
      .filter((j) => j !== i)
      .sort((a, b) => (distance[i]?.[a] ?? 0) - (distance[i]?.[b] ?? 0)),
  ])
  const near = (i: number, k: number): number[] => (rank[i] ?? []).slice(0, k + 1)
  const reciprocal = (i: number, k: number): number[] => near(i, k).filter((j) => near(j, k).includes(i))
  const encoded = range(n).map((i) => {
    const own = reciprocal(i, 20)
    const expanded = new Set(own)
    for (const j of own) {
      const theirs = reciprocal(j, 10)
      if (theirs.filter((one) => own.includes(one)).length > (2 / 3) * theirs.length)
        theirs.forEach((one) => expanded.add(one))
    }
    const weights = range(n).map((j) => (expanded.has(j) ? Math.exp(-(distance[i]?.[j] ?? 0)) : 0))
    const sum = weights.reduce((a, b) => a + b)
    return weights.map((weight) => weight / sum)
  })
  const averaged = range(n).map((i) => {
    const over = (rank[i] ?? []).slice(0, 6)
    return range(n).map((j) => over.reduce((sum, one) => sum + (encoded[one]?.[j] ?? 0), 0) / over.length)
  })
  return range(n)
    .slice(1)
    .map((i) => {
      const [a = [], b = []] = [averaged[0], averaged[i]]
      const smaller = range(n).reduce((sum, j) => sum + Math.min(a[j] ?? 0, b[j] ?? 0), 0)
      const larger = range(n).reduce((sum, j) => sum + Math.max(a[j] ?? 0, b[j] ?? 0), 0)
      return 1 - (0.7 * (1 - smaller / larger) + 0.3 * (distance[0]?.[i] ?? 0))
    })
}

/** Positions of a list in the order in which maximal marginal relevance chooses them. */
export function plainMmr(
  relevance: readonly number[],
  embeddings: readonly Float32Array[],
  diversity: number,
): number[] {
  const chosen: number[] = []
  while (chosen.length < relevance.length) {
    const worths = relevance.map((value, at) => {
      if (chosen.includes(at)) return -Infinity
      const likeness = chosen.map((one) =>
        cosine(embeddings[one] ?? new Float32Array(), embeddings[at] ?? new Float32Array()),
      )
      return (1 - diversity) * value - diversity * (chosen.length === 0 ? 0 : Math.max(...likeness))
    })
    chosen.push(worths.indexOf(Math.max(...worths)))
  }
  return chosen
}

/** All stages in their order: ids, with how many each stands for. */
export function plainlyRefined(
  query: Float32Array,
  list: readonly PlainMember[],
  { collapse, rerank, diversity }: PlainOptions,
): { id: string; collapsed: number | undefined }[] {
  const stays =
    collapse === undefined
      ? list.map((member) => ({ member, collapsed: undefined }))
      : plainCollapse(list, collapse).map(({ member, others }) => ({ member, collapsed: others.length }))
  const members = stays.map(({ member }) => member)
  const embeddings = members.map(({ embedding }) => embedding)
  const expanded = plainExpansion(query, members)
  const relevance =
    rerank === undefined
      ? members.map(({ score }) => score)
      : rerank === 'query-expansion'
        ? embeddings.map((embedding) => dotProduct(embedding, 0, expanded))
        : plainKReciprocal(query, embeddings)
  const order = range(members.length).sort((a, b) => (relevance[b] ?? 0) - (relevance[a] ?? 0))
  const pick = (at: number) => {
    const { member, collapsed } = stays[at] ?? {}
    return { id: member?.id ?? '', collapsed }
  }
  if (diversity === undefined) return order.map(pick)
  const places = plainMmr(
    order.map((at) => relevance[at] ?? 0),
    order.map((at) => embeddings[at] ?? new Float32Array()),
    diversity,
  )
  return places.map((place) => pick(order[place] ?? -1))
}
