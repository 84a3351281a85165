import { availableParallelism } from 'node:os'
import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  queriesPerBlock,
  SearchEngine,
  type Neighbours,
  type SearchBlock,
  type SearchRows,
} from './search-engine.js'
import { startSearchThreads, type SearchThreads } from './search-threads.js'

export interface ExactSearchOptions {
  /** How many neighbours a query wants, by its row; 0 leaves it out. */
  readonly depth: (query: number) => number
  /** Row of the gallery that a query must not find, or -1. */
  readonly own: Int32Array
  /** Given each query's neighbours, in the order of the queries. */
  readonly onAnswer: (query: number, neighbours: Neighbours) => void
  /** Told how many queries are done. */
  readonly onProgress?: (done: number, total: number) => void
  /** Threads that compare; by default one a core where there is work for more than a second or so. */
  readonly threads?: number
  readonly signal?: AbortSignal
}

/** Products of values beyond which threads are worth starting: about a second of one thread. */
const muchWork = 1e10

/**
 * The nearest gallery rows of every query, by comparing all with all, in blocks: memory grows with the rows, never
 * with their square. About 12 thousand million products of values a second and thread.
 *
 * @throws KindredError INTERNAL when a thread dies; the signal's reason when aborted
 */
export async function exactSearch(rows: SearchRows, options: ExactSearchOptions): Promise<void> {
  const { onAnswer, onProgress, signal } = options
  const total = rows.queries.length / rows.dimensions
  const blocks = blocksOf(total, options)
  const work = rows.queries.length * (rows.gallery.length / rows.dimensions)
  const { threads = work > muchWork ? availableParallelism() : 1 } = options
  const searcher = threads > 1 ? startSearchThreads(rows, threads) : searchHere(rows)
  try {
    let done = 0
    for await (const [block, answers] of inOrder(blocks, (block) => searcher.answer(block), 2 * threads)) {
      signal?.throwIfAborted()
      answers.forEach((neighbours, i) => {
        onAnswer(block.start + i, neighbours)
      })
      done += answers.length
      onProgress?.(done, total)
    }
  } finally {
    await searcher.close()
  }
}

function searchHere(rows: SearchRows): SearchThreads {
  const engine = new SearchEngine(rows)
  return {
    async answer(block) {
      await nextTurn()
      return engine.answer(block)
    },
    close: () => Promise.resolve(),
  }
}

function* blocksOf(total: number, { depth, own }: ExactSearchOptions): Generator<SearchBlock> {
  for (let start = 0; start < total; start += queriesPerBlock) {
    const count = Math.min(queriesPerBlock, total - start)
    yield {
      start,
      depths: Int32Array.from({ length: count }, (_, i) => depth(start + i)),
      own: own.slice(start, start + count),
    }
  }
}

/** Keeps up to `ahead` blocks under way and gives their answers in the order of the blocks. */
async function* inOrder(
  blocks: Iterable<SearchBlock>,
  answer: (block: SearchBlock) => Promise<readonly Neighbours[]>,
  ahead: number,
): AsyncGenerator<[SearchBlock, readonly Neighbours[]]> {
  const underWay: { block: SearchBlock; answers: Promise<readonly Neighbours[]> }[] = []
  for (const block of blocks) {
    const answers = answer(block)
    // Awaited below, in turn; until then a failure must not count as unhandled.
    answers.catch(() => undefined)
    underWay.push({ block, answers })
    if (underWay.length < ahead) continue
    const first = underWay.shift()
    if (first !== undefined) yield [first.block, await first.answers]
  }
  for (const { block, answers } of underWay) yield [block, await answers]
}
