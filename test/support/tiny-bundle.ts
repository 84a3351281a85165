import path from 'node:path'
import type { Bundle } from '../../src/bundles/bundle.js'
import type { BundleManifest } from '../../src/bundles/manifest.js'
import { writeBundle } from '../../src/bundles/write-bundle.js'
import { tinyInput, tinyNetwork, tinyOutput, type TinyNetworkOptions } from './tiny-onnx.js'

export interface TinyBundleOptions extends Partial<TinyNetworkOptions> {
  /** Default: the folder's name. */
  readonly name?: string
  readonly manifest?: Partial<BundleManifest>
}

/**
 * Writes a real bundle with a network that embeds by the colours of a picture's four quarters; the same options give
 * the same embeddings.
 *
 * @param folder the bundle's own folder
 */
export async function writeTinyBundle(folder: string, options: TinyBundleOptions = {}): Promise<Bundle> {
  const {
    name = path.basename(folder).toLowerCase(),
    size = 32,
    dimensions = 16,
    manifest,
    ...rest
  } = options
  const { model, weights } = tinyNetwork({ size, dimensions, ...rest })
  return writeBundle(
    folder,
    { ...tinyManifest(name, size, dimensions), ...manifest },
    { 'model.onnx': model, 'weights.safetensors': weights },
    `# ${name}\n\nA network for tests.\n`,
  )
}

export const tinyManifest = (
  name: string,
  size: number,
  dimensions: number,
): Parameters<typeof writeBundle>[1] => ({
  name,
  description: 'Colours of the four quarters of a picture',
  createdAt: '2025-01-31T12:00:00Z',
  architecture: { backbone: 'onnx', pooling: 'gap', head: dimensions },
  input: {
    width: size,
    height: size,
    fit: 'squash',
    kernel: 'linear',
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
    layout: 'nchw',
  },
  embedding: { dimensions },
  onnx: { input: tinyInput, output: tinyOutput },
  training: null,
  data: [],
  metrics: {},
  heldOut: [],
  licence: { spdx: 'Apache-2.0', notices: [] },
})
