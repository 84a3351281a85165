import { createRequire } from 'node:module'
import hnswlib from 'hnswlib-node'

/** The library that walks graphs, and whether it was compiled for the machine (`npm run tune`). */
export interface GraphLibrary {
  readonly version: string
  /** The compiler's flags, which a tuned binding tells itself; null as it was installed. */
  readonly tuning: string | null
}

export function graphLibrary(): GraphLibrary {
  const { version } = createRequire(import.meta.url)('hnswlib-node/package.json') as { version: string }
  const { tuning } = hnswlib as { readonly tuning?: string }
  return { version, tuning: tuning ?? null }
}
