import path from 'node:path'
import type { LabelledImage, LabelledSet } from '../../../datasets/labelled-set.js'
import { imageId } from '../../../evaluation/embed-set.js'
import type { BenchQuery } from './query.js'

/**
 * The pictures of a labelled set as queries for the items of their class.
 *
 * @param root folder that ids are relative to, so that they are the same on every machine and those that `kindred index` gives
 * the pictures of a folder
 */
export const labelledQueries = ({ images }: LabelledSet, root: string): BenchQuery[] =>
  images.map((picture) => ({
    id: pictureId(picture, root),
    asks: { picture },
    label: picture.label,
    relevant: null,
  }))

/** Path relative to `root`, with `/`; two boxes of one file are two pictures. */
export const pictureId = (picture: LabelledImage, root: string): string =>
  imageId({
    ...picture,
    path: path.relative(path.resolve(root), picture.path).replaceAll(path.sep, '/'),
  })
