import type { DeepAnswer, FoundItem } from './search-deep.js'
import type { GraphRecall } from './retrieval-run.js'

/** One query, answered both ways; its own picture is in neither. */
export interface BothAnswers {
  readonly graph: readonly FoundItem[]
  readonly exact: readonly FoundItem[]
  readonly plan: DeepAnswer['plan']
  readonly graphMs: number
  readonly exactMs: number
}

/** Equal items may stand in either order, and their scores differ in the last digits by how they were compared. */
const equalScores = 1e-6

/** Share of the `k` nearest items that the graph found among its first `k`; items as near as the last count alike. */
export function recallOf(graph: readonly FoundItem[], exact: readonly FoundItem[], k: number): number {
  const nearest = exact.slice(0, k)
  const last = nearest.at(-1)
  if (last === undefined) return 1
  const found = graph.slice(0, k).filter(({ score }) => score >= last.score - equalScores)
  return Math.min(1, found.length / nearest.length)
}

export function graphRecall(answers: readonly BothAnswers[], ks: readonly number[]): GraphRecall {
  const walked = answers.filter(({ plan }) => plan === 'graph' || plan === 'filtered-graph')
  if (walked.length === 0)
    return { recall: {}, walked: 0, asked: answers.length, graphMs: null, exactMs: null }
  const mean = (of: (answer: BothAnswers) => number): number =>
    walked.reduce((sum, answer) => sum + of(answer), 0) / walked.length
  return {
    recall: Object.fromEntries(ks.map((k) => [k, mean(({ graph, exact }) => recallOf(graph, exact, k))])),
    walked: walked.length,
    asked: answers.length,
    graphMs: mean(({ graphMs }) => graphMs),
    exactMs: mean(({ exactMs }) => exactMs),
  }
}
