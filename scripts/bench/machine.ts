import { availableParallelism, cpus, loadavg, totalmem } from 'node:os'
import { graphLibrary } from '../../src/collections/embedded/graph-library.js'

/** What figures were measured on, and with what, in one line. */
export function describeMachine(): string {
  const { version, tuning } = graphLibrary()
  return [
    `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${availableParallelism()} cores`,
    `${(totalmem() / 2 ** 30).toFixed(0)} GiB`,
    `load ${loadavg()[0]?.toFixed(1) ?? '?'} at the start`,
    `Node ${process.versions.node}`,
    `hnswlib-node ${version}${tuning === null ? '' : ' (tuned)'}`,
  ].join(', ')
}
