import type { EmbedFailure } from '../../evaluation/embed-pictures.js'
import { KindredError } from '../../errors.js'

/**
 * The failure of one picture, for which the others need not wait: this machine or the server cannot read it, or does not take as much.
 *
 * @param path that it is listed under
 * @throws what was thrown where that is of no one picture
 */
export function refusedPicture(path: string, thrown: unknown): EmbedFailure {
  if (!(thrown instanceof KindredError) || !isOfOnePicture(thrown.code)) throw thrown
  return { path, code: thrown.code, reason: thrown.message }
}

const isOfOnePicture = (code: string): boolean => code.startsWith('IMAGE_') || code === 'PAYLOAD_TOO_LARGE'
