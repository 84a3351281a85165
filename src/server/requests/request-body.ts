import type { Upload } from './upload-spool.js'

/** What a request brought, whatever it was wrapped in. */
export interface RequestBody {
  /** Checked against the contract, defaults filled in; undefined where the operation takes none. */
  readonly body: unknown
  readonly files: readonly Uint8Array[]
  readonly upload: Upload | null
}
