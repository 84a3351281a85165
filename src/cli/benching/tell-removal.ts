import type { GalleryOptions } from '../../bench/live/dataset/with-gallery.js'
import { toKindredError } from '../../errors.js'
import { exitCode } from '../exit.js'

/**
 * Says what becomes of a set's collection where that is not as always: whoever ends the process at once, or finds the server gone,
 * knows what stays there.
 */
export const tellRemoval = (signal: AbortSignal): Pick<GalleryOptions, 'onRemoving' | 'onLeft'> => ({
  onRemoving: (collection) => {
    if (signal.aborted) process.stderr.write(`removing the collection ${collection} from the server\n`)
  },
  onLeft: (collection, thrown) => {
    const { message } = toKindredError(thrown)
    process.stderr.write(`the collection ${collection} may still be on the server: ${message}\n`)
    process.exitCode = exitCode.failure
  },
})
