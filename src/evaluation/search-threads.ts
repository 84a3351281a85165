import type { Worker } from 'node:worker_threads'
import { KindredError } from '../errors.js'
import { startWorker } from '../worker-thread.js'
import type { Neighbours, SearchBlock, SearchRows } from './search-engine.js'

/** Answers blocks of queries on several threads. */
export interface SearchThreads {
  answer(block: SearchBlock): Promise<readonly Neighbours[]>
  close(): Promise<void>
}

/** @param rows in shared memory (`unitRows` gives such), so that no thread has a copy */
export function startSearchThreads(rows: SearchRows, threads: number): SearchThreads {
  const workers = Array.from({ length: threads }, () =>
    startWorker(import.meta.url, './search.worker', { workerData: rows }),
  )
  const idle = [...workers]
  const waiting: ((worker: Worker) => void)[] = []
  const take = (): Promise<Worker> => {
    const worker = idle.pop()
    return worker === undefined ? new Promise((resolve) => waiting.push(resolve)) : Promise.resolve(worker)
  }
  const giveBack = (worker: Worker): void => {
    const next = waiting.shift()
    if (next === undefined) idle.push(worker)
    else next(worker)
  }
  return {
    async answer(block) {
      const worker = await take()
      const answers = await ask(worker, block)
      giveBack(worker)
      return answers
    },
    async close() {
      await Promise.all(workers.map((worker) => worker.terminate()))
    },
  }
}

function ask(worker: Worker, block: SearchBlock): Promise<readonly Neighbours[]> {
  return new Promise((resolve, reject) => {
    const done = (): void => {
      worker.off('message', answered).off('error', failed).off('exit', ended)
    }
    const answered = (answers: readonly Neighbours[]): void => {
      done()
      resolve(answers)
    }
    const failed = (cause: unknown): void => {
      done()
      reject(new KindredError('INTERNAL', 'A search thread failed', { cause }))
    }
    const ended = (): void => {
      failed(undefined)
    }
    worker.on('message', answered).on('error', failed).on('exit', ended)
    worker.postMessage(block)
  })
}
