import { readFile } from 'node:fs/promises'
import { networkFile } from '../src/bundles/bundle.js'
import type { Architecture } from '../src/bundles/manifest.js'
import { writeBundle } from '../src/bundles/write-bundle.js'
import { exportOnnx, weightsFile } from '../src/networks/onnx/export-onnx.js'
import { readSafetensors } from '../src/networks/safetensors.js'

/*
 * Makes models/imagenet: MobileNetV2 as it was published, its pooled output as the embedding. Needs no TensorFlow.
 *
 *     tsx scripts/make-imagenet-bundle.ts mobilenet_v2_1.0_imagenet.safetensors [models/imagenet]
 */
const [source, folder = 'models/imagenet'] = process.argv.slice(2)
if (source === undefined)
  throw new Error('usage: tsx scripts/make-imagenet-bundle.ts FILE.safetensors [FOLDER]')

const architecture: Architecture = { backbone: 'mobilenet-v2-1.0', pooling: 'gap', head: null }
const { tensors, metadata } = readSafetensors(await readFile(source))
const size = 160
const exported = exportOnnx(architecture, tensors, { width: size, height: size }, metadata)
const origin = metadata['source'] ?? 'TF-Slim MobileNetV2 1.0 224'

const card = `# imagenet

MobileNetV2 1.0 as trained on ImageNet, without its classifier: the globally averaged output of the last convolution,
at unit length, is the embedding. It has learned nothing about any catalogue, which makes it two things: where
training starts by default (\`--init models/imagenet\`), and the model to search with until one of your own is trained.

| | |
|---|---|
| input | RGB, squashed to ${size} x ${size} (linear kernel), values from -1 to 1 |
| embedding | ${exported.dimensions} values, unit length |
| network | MobileNetV2 1.0, BatchNorm folded into the convolutions, TensorFlow's SAME padding |
| licence | Apache-2.0 |

## Where the weights come from

${origin}. Copyright The TensorFlow Authors, licensed under the Apache License 2.0. The values are the published ones;
BatchNorm is folded and the layout changed. They were trained on ImageNet (ILSVRC 2012), whose photos are not part of this
bundle.

## How it was made

    npx tsx scripts/make-imagenet-bundle.ts mobilenet_v2_1.0_imagenet.safetensors

The reference features of six photos are matched within 1e-3 (\`test/networks\`).
`

const bundle = await writeBundle(
  folder,
  {
    name: 'imagenet',
    description: 'MobileNetV2 1.0 with ImageNet weights, as published; the default start of training.',
    createdAt: new Date().toISOString(),
    architecture,
    input: {
      width: size,
      height: size,
      fit: 'squash',
      kernel: 'linear',
      mean: [0.5, 0.5, 0.5],
      std: [0.5, 0.5, 0.5],
      layout: 'nchw',
    },
    embedding: { dimensions: exported.dimensions },
    onnx: exported.onnx,
    training: null,
    data: [],
    metrics: {},
    heldOut: [],
    licence: {
      spdx: 'Apache-2.0',
      notices: [`MobileNetV2 ImageNet weights: ${origin}, copyright The TensorFlow Authors, Apache-2.0`],
    },
  },
  { [networkFile]: exported.model, [weightsFile]: exported.weights },
  card,
)
console.log(`${bundle.model} is in ${bundle.folder}`)
