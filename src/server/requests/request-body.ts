import type { Request, Response } from 'express'
import type { KindredError } from '../../errors.js'
import type { Upload } from './upload-spool.js'

/** What a request brought, whatever it was wrapped in. */
export interface RequestBody {
  /** Checked against the contract, defaults filled in; undefined where the operation takes none. */
  readonly body: unknown
  readonly files: readonly Uint8Array[]
  readonly upload: Upload | null
}

/** How a body of one media type is read. */
export interface BodyReader {
  /** Most bytes it may have as it comes over the wire. */
  readonly most: number
  /** @throws KindredError with a status of 413 */
  readonly tooLarge: () => KindredError
  readonly read: (req: Request, res: Response) => Promise<RequestBody>
}
