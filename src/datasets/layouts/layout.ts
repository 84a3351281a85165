import type { LabelledImage } from '../labelled-set.js'

/** How a published data set lies on disk once it is unpacked. */
export interface Layout {
  /** What the set calls itself, in one line. */
  readonly title: string
  /**
   * Files of which every one tells the layout, relative to the set's folder; in each place alternatives, of which one
   * is there.
   */
  readonly marks: readonly (readonly string[])[]
  /**
   * Which classes papers on metric learning learn from: the split as published, or, where that shares classes, the
   * first half of them.
   */
  readonly convention: 'published' | 'class-halves'
  /**
   * Reads labels, the published split as `train` and `test`, roles, and boxes where they are asked for and the set
   * has any. Pictures are not touched.
   *
   * @throws KindredError DATASET_INVALID that names file and line or entry
   */
  read(folder: string, options: { boxes: boolean }): Promise<LabelledImage[]>
}
