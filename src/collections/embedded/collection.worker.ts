import { parentPort, workerData } from 'node:worker_threads'
import { toKindredError, KindredError } from '../../errors.js'
import { enterNative, leaveNative } from '../../native-guard.js'
import type { CallMessage, CollectionWorkerData, ThreadMessage } from './collection-calls.js'
import { CollectionEngine } from './collection-engine.js'
import { toMessage } from './error-message.js'

/** The thread of one collection: answers calls in their order and builds the graph between them. */

const port = parentPort
if (port === null) throw new Error('collection.worker must run in a worker thread')
const { folder, tuning, guard } = workerData as CollectionWorkerData

const send = (message: ThreadMessage): void => {
  port.postMessage(message)
}
let scheduled = false
let closed = false
const engine = openEngine()
if (engine !== null) {
  port.on('message', (message: CallMessage) => {
    guarded(() => {
      answer(engine, message)
    })
  })
  scheduleWork(engine)
}
leaveNative(guard)

function openEngine(): CollectionEngine | null {
  try {
    return new CollectionEngine(
      folder,
      tuning,
      (level, message, details) => {
        send({ kind: 'log', level, message, details })
      },
      () => {
        guarded(() => {
          if (engine !== null) scheduleWork(engine)
        })
      },
    )
  } catch (error) {
    send({ kind: 'unopenable', error: toMessage(toKindredError(error)) })
    return null
  }
}

function answer(opened: CollectionEngine, message: CallMessage): void {
  closed ||= message.name === 'close'
  try {
    send({ kind: 'result', call: message.call, value: perform(opened, message) })
  } catch (error) {
    // Anything unforeseen may have left the index behind the database: the thread ends, and a new one reads it all.
    if (!(error instanceof KindredError)) throw error
    send({ kind: 'error', call: message.call, error: toMessage(error) })
  }
  if (closed) port?.close()
  else scheduleWork(opened)
}

function perform(opened: CollectionEngine, message: CallMessage): unknown {
  switch (message.name) {
    case 'putItems':
      return opened.putItems(...message.args)
    case 'getItem':
      return opened.getItem(...message.args)
    case 'getEmbedding':
      return opened.getEmbedding(...message.args)
    case 'getKept':
      return opened.getKept(...message.args)
    case 'patchItem':
      return opened.patchItem(...message.args)
    case 'deleteItems':
      return opened.deleteItems(...message.args)
    case 'patchSettings':
      opened.patchSettings(...message.args)
      return undefined
    case 'deleteMatching':
      return opened.deleteMatching(...message.args)
    case 'listItems':
      return opened.listItems(...message.args)
    case 'contentHashes':
      return opened.contentHashes(...message.args)
    case 'keptOf':
      return opened.keptOf(...message.args)
    case 'embeddingsByContent':
      return opened.embeddingsByContent(...message.args)
    case 'facets':
      return opened.facets(...message.args)
    case 'search':
      return opened.search(...message.args)
    case 'noteChangesFor':
      opened.noteChangesFor(...message.args)
      return undefined
    case 'changes':
      return opened.changes(...message.args)
    case 'settleChanges':
      opened.settleChanges(...message.args)
      return undefined
    case 'nearLinks':
      return opened.nearLinks(...message.args)
    case 'idsOf':
      return opened.idsOf(...message.args)
    case 'graphPoints':
      return opened.graphPoints()
    case 'close':
      opened.close(...message.args)
      return undefined
  }
}

/**
 * After waiting calls, so that a call waits for one slice of building at most. To be called under the guard, as everything
 * that asks the engine: whether it has work is known to the graph, which is native.
 */
function scheduleWork(opened: CollectionEngine): void {
  if (scheduled || !opened.unfinished) return
  scheduled = true
  setImmediate(() => {
    scheduled = false
    if (closed) return
    guarded(() => {
      opened.work()
      scheduleWork(opened)
    })
  })
}

/** SQLite and the graph are native; where the process is ending nothing more is begun. */
function guarded(work: () => void): void {
  if (!enterNative(guard)) return
  try {
    work()
  } finally {
    leaveNative(guard)
  }
}
