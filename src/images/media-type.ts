import type { ImageKind } from './image-kind.js'

/** What HTTP calls each kind of picture. */
export const mediaTypes = {
  jpeg: 'image/jpeg',
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  tiff: 'image/tiff',
  avif: 'image/avif',
  svg: 'image/svg+xml',
} as const satisfies Readonly<Record<ImageKind, string>>

export type MediaType = (typeof mediaTypes)[ImageKind]
