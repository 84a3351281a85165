import type { Target } from './carriers.js'
import { carryPicture } from './carriers.js'
import type { Draw } from './draw.js'
import { hostileFile, type SoundFiles } from './files.js'
import { hostileHead } from './heads.js'
import type { HostileRequest } from './hostile-request.js'
import { hostileJson } from './json-bodies.js'
import { hostileMultipart } from './multipart-bodies.js'
import { crossBreed, flipBits, scramble, truncations } from './pictures/damage.js'
import { costlyPictures, madeUpPictures } from './pictures/made-up.js'
import type { Picture } from './pictures/sound-pictures.js'
import { hostileConnection } from './raw-exchanges.js'

export interface Materials {
  readonly target: Target
  readonly pictures: readonly Picture[]
  readonly files: SoundFiles
}

/**
 * Makes the function that gives one hostile request after the other. Every picture cut at every percent of its length, and
 * everything that is made up, comes once in any order, mixed with what is drawn without end.
 */
export function createCorpus(draw: Draw, { target, pictures, files }: Materials): () => HostileRequest {
  const madeUp = madeUpPictures(pictures)
  const costly = costlyPictures(pictures)
  const systematic = [...pictures.flatMap(truncations), ...madeUp, ...costly]
  const picture = (): Picture => {
    const chance = draw.next()
    if (chance < 0.35) return flipBits(draw, draw.pick(pictures))
    if (chance < 0.6) return scramble(draw, draw.pick(pictures))
    if (chance < 0.75) return crossBreed(draw, pictures)
    // Each takes a processor for a second.
    return chance < 0.76 ? draw.pick(costly) : draw.pick(madeUp)
  }
  const anything = (): HostileRequest => {
    const chance = draw.next()
    const small = draw.pick(pictures).bytes
    if (chance < 0.4) return carryPicture(draw, picture(), target)
    if (chance < 0.6) return hostileJson(draw, target)
    if (chance < 0.7) return hostileMultipart(draw, target, small)
    if (chance < 0.83) return hostileHead(draw, target)
    if (chance < 0.95) return hostileConnection(draw, target, small)
    return hostileFile(draw, target, files)
  }
  return () => {
    const next = draw.next() < 0.5 ? systematic.splice(draw.below(systematic.length), 1)[0] : undefined
    return next === undefined ? anything() : carryPicture(draw, next, target)
  }
}
