import type { BackboneKind } from '../backbone-registry.js'
import { blockPlaces } from '../mobilenet-v2.js'

/** What timm (and, for ResNet, torchvision) calls a convolution without bias and the BatchNorm after it. */
export interface PublishedNames {
  readonly conv: string
  readonly norm: string
}

/**
 * Published names of one of our convolutions.
 *
 * MobileNetV2, S and B being stage and repeat of our block N:
 *
 * | ours               | theirs, first stage   | theirs, other stages   |
 * | ------------------ | --------------------- | ---------------------- |
 * | `stem`             | `conv_stem`, `bn1`    |                        |
 * | `blocks.N.expand`  |                       | `blocks.S.B.conv_pw`, `bn1`  |
 * | `blocks.N.dw`      | `blocks.0.B.conv_dw`, `bn1` | `blocks.S.B.conv_dw`, `bn2` |
 * | `blocks.N.project` | `blocks.0.B.conv_pw`, `bn2` | `blocks.S.B.conv_pwl`, `bn3` |
 * | `head`             | `conv_head`, `bn2`    |                        |
 *
 * ResNet: convolutions have our names; `convN` is followed by `bnN`, and our `downsample` is their `downsample.0` with
 * the BatchNorm `downsample.1`.
 *
 * @returns undefined for a family or layer that nobody publishes
 */
export function publishedNames(family: BackboneKind['family'], layer: string): PublishedNames | undefined {
  switch (family) {
    case 'mobilenet-v2':
      return ofMobileNet(layer)
    case 'resnet':
      return layer.endsWith('downsample')
        ? { conv: `${layer}.0`, norm: `${layer}.1` }
        : { conv: layer, norm: layer.replace(/conv(\d)$/, 'bn$1') }
    case 'small-convnet':
      return undefined
  }
}

const firstStage: Readonly<Record<string, PublishedNames>> = {
  dw: { conv: 'conv_dw', norm: 'bn1' },
  project: { conv: 'conv_pw', norm: 'bn2' },
}

const otherStages: Readonly<Record<string, PublishedNames>> = {
  expand: { conv: 'conv_pw', norm: 'bn1' },
  dw: { conv: 'conv_dw', norm: 'bn2' },
  project: { conv: 'conv_pwl', norm: 'bn3' },
}

function ofMobileNet(layer: string): PublishedNames | undefined {
  if (layer === 'stem') return { conv: 'conv_stem', norm: 'bn1' }
  if (layer === 'head') return { conv: 'conv_head', norm: 'bn2' }
  const [, block, part = ''] = /^blocks\.(\d+)\.(\w+)$/.exec(layer) ?? []
  const place = blockPlaces[Number(block)]
  if (place === undefined) return undefined
  const [stage, repeat] = place
  const names = (stage === 0 ? firstStage : otherStages)[part]
  const prefix = `blocks.${stage}.${repeat}`
  return names && { conv: `${prefix}.${names.conv}`, norm: `${prefix}.${names.norm}` }
}
