import { forgetThread, watchThread } from '../../../native-guard.js'
import { startWorker } from '../../../worker-thread.js'
import { toError, type ErrorMessage } from '../error-message.js'
import type { SnapshotTask } from './snapshot.worker.js'

/** Runs a task in a thread of its own. @throws KindredError what the task throws */
export function runSnapshotTask(task: SnapshotTask): Promise<void> {
  return new Promise((resolve, reject) => {
    const guard = watchThread()
    const worker = startWorker(import.meta.url, './snapshot.worker', { workerData: { task, guard } })
    worker.once('message', (error: ErrorMessage | null) => {
      if (error === null) resolve()
      else reject(toError(error))
    })
    worker.once('error', reject)
    worker.once('exit', () => {
      forgetThread(guard)
      reject(new Error('The thread of a snapshot ended without an answer'))
    })
  })
}
