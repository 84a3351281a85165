import { parentPort, workerData } from 'node:worker_threads'
import { SearchEngine, type SearchBlock, type SearchRows } from './search-engine.js'

/** A thread that answers blocks of queries, one at a time, over rows in shared memory. */
const engine = new SearchEngine(workerData as SearchRows)

parentPort?.on('message', (block: SearchBlock) => {
  const answers = engine.answer(block)
  parentPort?.postMessage(
    answers,
    answers.flatMap(({ rows, scores }) => [rows.buffer as ArrayBuffer, scores.buffer as ArrayBuffer]),
  )
})
