import type { BundleManifest } from './manifest.js'

/** A model bundle on disk whose every file was checked against its manifest. */
export interface Bundle {
  /** Absolute path of the folder. */
  readonly folder: string
  readonly manifest: BundleManifest
  /** `NAME@FINGERPRINT`: what embeddings made with it are marked with. */
  readonly model: string
}

/** Files with a part of their own; every other file of a bundle is named in the manifest. */
export const manifestFile = 'model.json'
export const cardFile = 'README.md'
/** The network in ONNX. ONNX Runtime finds the tensors it points at in the files beside it. */
export const networkFile = 'model.onnx'
