import { rm } from 'node:fs/promises'
import path from 'node:path'
import { networkFile, type Bundle } from '../bundles/bundle.js'
import type { BundleManifest } from '../bundles/manifest.js'
import { writeBundle } from '../bundles/write-bundle.js'
import { createOnnxEmbedder } from '../embedding/onnx-embedder.js'
import type { InputTransform } from '../images/input-transform.js'
import { normalisePixels } from '../images/normalise.js'
import { compareEmbeddings } from '../networks/compare-embeddings.js'
import type { Network } from '../networks/network.js'
import { exportOnnx, weightsFile } from '../networks/onnx/export-onnx.js'
import type { RgbImage } from '../images/rgb-image.js'
import { renderCard, type CardDetails } from './card.js'

export type ManifestOfRun = Omit<
  BundleManifest,
  'formatVersion' | 'files' | 'fingerprint' | 'architecture' | 'embedding' | 'onnx'
>

export interface Published {
  readonly bundle: Bundle
  /** Largest difference of a value between TensorFlow's and ONNX Runtime's embeddings of the checked pictures. */
  readonly difference: number
}

/**
 * Writes the network as a bundle, once ONNX Runtime has shown to give the same embeddings as TensorFlow.
 *
 * @param request.folder of the bundle; one that is there already is replaced
 * @param request.work folder in which the check may write
 * @param request.check pictures at the network's input size, and the embeddings that TensorFlow gives them
 * @throws KindredError EXPORT_MISMATCH, and nothing is published then
 */
export async function publishBundle(request: {
  folder: string
  work: string
  network: Network
  about: ManifestOfRun
  card: CardDetails
  check: { pictures: readonly RgbImage[]; embeddings: readonly Float32Array[] }
}): Promise<Published> {
  const { folder, network, about, card, check } = request
  const exported = exportOnnx(network.architecture, network.weights(), about.input)
  const files = { [networkFile]: exported.model, [weightsFile]: exported.weights }
  const manifest = {
    ...about,
    architecture: network.architecture,
    embedding: { dimensions: network.dimensions },
    onnx: exported.onnx,
  }
  const rehearsal = path.join(request.work, 'export-check')
  let difference: number
  try {
    const bundle = await writeBundle(rehearsal, manifest, files, 'Written to check the export.\n')
    difference = await checkExport(bundle, check.pictures, check.embeddings)
  } finally {
    await rm(rehearsal, { recursive: true, force: true })
  }
  const checked = { pictures: check.pictures.length, largestDifference: difference }
  const measured = { ...manifest, training: { ...manifest.training, exportCheck: checked } }
  return {
    bundle: await writeBundle(folder, measured, files, renderCard(measured, card)),
    difference,
  }
}

/** @returns the largest difference between a bundle's embeddings and the reference; @throws EXPORT_MISMATCH */
async function checkExport(
  bundle: Bundle,
  pictures: readonly RgbImage[],
  reference: readonly Float32Array[],
): Promise<number> {
  const transform: InputTransform = bundle.manifest.input
  const embedder = await createOnnxEmbedder(bundle, { provider: 'cpu', threads: 0, maxBatch: 8 })
  try {
    const inputs = pictures.map((picture) => normalisePixels(picture, transform))
    return compareEmbeddings(reference, await embedder.embed(inputs))
  } finally {
    await embedder.close()
  }
}
