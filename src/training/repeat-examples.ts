import type { LabelledImage } from '../datasets/labelled-set.js'
import type { Examples } from './examples.js'

/**
 * Examples of a list in which pictures stand more than once, out of those of its different pictures: what is kept of a
 * picture is shared by all its places.
 *
 * @param images the list; a picture counts as the same where it is the same object
 * @param once examples of the different ones; those that could not be read are missing in both
 */
export function repeatExamples(images: readonly LabelledImage[], once: Examples): Examples {
  const indexOf = new Map(once.images.map((image, index) => [image, index]))
  const places = images.flatMap((image) => indexOf.get(image) ?? [])
  if (places.length === once.images.length) return once
  const place = (index: number): number => places[index] ?? -1
  return {
    ...once,
    images: images.filter((image) => indexOf.has(image)),
    plain: (index) => once.plain(place(index)),
    drawn: (index, step, at) => once.drawn(place(index), step, at),
  }
}
