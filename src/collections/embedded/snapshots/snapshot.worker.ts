import { parentPort, workerData } from 'node:worker_threads'
import { KindredError } from '../../../errors.js'
import { leaveNative, type NativeGuard } from '../../../native-guard.js'
import { toMessage } from '../error-message.js'
import { restoreSnapshot, type RestoreTask } from './restore-snapshot.js'
import { takeSnapshot, type TakeTask } from './take-snapshot.js'
import { unpackSnapshot } from './snapshot-archive.js'

/** Work on a snapshot that takes long: in a thread of its own, so that no request waits for it. It does one task and ends. */
export type SnapshotTask = TakeTask | RestoreTask | { readonly kind: 'check'; readonly file: string }

const { task, guard } = workerData as { task: SnapshotTask; guard: NativeGuard }

try {
  await perform(task)
  parentPort?.postMessage(null)
} catch (error) {
  if (!(error instanceof KindredError)) throw error
  parentPort?.postMessage(toMessage(error))
} finally {
  leaveNative(guard)
}

async function perform(asked: SnapshotTask): Promise<void> {
  switch (asked.kind) {
    case 'take':
      return takeSnapshot(asked)
    case 'restore':
      return restoreSnapshot(asked)
    case 'check':
      await unpackSnapshot(asked.file, null)
  }
}
