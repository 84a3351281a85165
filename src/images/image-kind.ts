/** The kinds that are decoded. */
export type ImageKind = 'jpeg' | 'png' | 'webp' | 'gif' | 'tiff' | 'avif' | 'svg'

/** A kind that is decoded, or what else the bytes are. */
export type Detected = { readonly kind: ImageKind } | Foreign

export interface Foreign {
  /** With its article: 'a HEIC picture'; null: nobody knows. */
  readonly foreign: string | null
  /** Why it is refused, where that is not plain. */
  readonly reason?: string
  /** What to do beside sending another kind. */
  readonly advice?: string
}
