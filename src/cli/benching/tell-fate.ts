import type { GalleryOptions } from '../../bench/live/dataset/with-gallery.js'
import { toKindredError } from '../../errors.js'
import { exitCode } from '../exit.js'

/**
 * Says what becomes of a set's collection where that is not as always: whoever ends the process, or finds the server gone, knows what
 * stays there.
 */
export const tellFate = (signal: AbortSignal): Pick<GalleryOptions, 'onRemoving' | 'onLeft' | 'onKept'> => ({
  onRemoving: (collection) => {
    if (signal.aborted) process.stderr.write(`removing the collection ${collection} from the server\n`)
  },
  onKept: (collection, whole) => {
    const what = whole ? '' : ' with only a part of the set'
    process.stderr.write(`the collection ${collection} stays on the server${what}\n`)
  },
  onLeft: (collection, thrown) => {
    const { message } = toKindredError(thrown)
    process.stderr.write(`the collection ${collection} may still be on the server: ${message}\n`)
    process.exitCode = exitCode.failure
  },
})
