import type { LabelledImage, LabelledSet } from '../datasets/labelled-set.js'
import type { CataloguePicture } from '../datasets/read-source.js'
import type { Picture } from './embed-pictures.js'
import { imageId } from './embed-set.js'

/** Pictures, and what a CSV says of each, by column. */
export interface PictureTable<P extends Picture> {
  readonly images: readonly P[]
  readonly columns: Readonly<Record<string, (image: P) => string>>
}

/** A labelled set: `id,label,path`, which reads as a labelled CSV again. */
export const tableOfSet = ({ images }: LabelledSet): PictureTable<LabelledImage> => ({
  images,
  columns: { id: imageId, label: ({ label }) => label, path: ({ path }) => path },
})

/** A catalogue: `id,image`, which reads as a catalogue again. */
export const tableOfCatalogue = (images: readonly CataloguePicture[]): PictureTable<CataloguePicture> => ({
  images,
  columns: { id: ({ id }) => id, image: ({ path }) => path },
})
