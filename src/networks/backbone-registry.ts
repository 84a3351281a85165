import { expected } from '../errors.js'
import type { Backbone } from './graph.js'
import { mobileNetV2 } from './mobilenet-v2.js'
import { resNet } from './resnet.js'
import { smallConvnet } from './small-convnet.js'

/** A backbone as its name describes it. */
export interface BackboneKind {
  readonly family: 'mobilenet-v2' | 'resnet' | 'small-convnet'
  /** Sides of a picture should be a multiple of this: what the strides halve must come out even. */
  readonly inputMultiple: number
  build(): Backbone
}

/** How backbones are named, for messages: W is a width multiplier such as 0.35, 1.0 or 1.4. */
export const backboneNames: readonly string[] = [
  'mobilenet-v2-W',
  'mobilenet-v2-W-torch',
  'resnet-50',
  'small-convnet',
]

/** Widths beyond these are typing errors rather than networks. */
const widthRange = [0.1, 4] as const

/**
 * What a backbone's name stands for. `mobilenet-v2-W` pads as TensorFlow does, `mobilenet-v2-W-torch` as PyTorch does:
 * weights are worth their accuracy only with the padding that they were trained with.
 *
 * @throws KindredError INVALID_ARGUMENT for an unknown name
 */
export function findBackbone(name: string): BackboneKind {
  if (name === 'small-convnet') return { family: 'small-convnet', inputMultiple: 1, build: smallConvnet }
  if (name === 'resnet-50') return { family: 'resnet', inputMultiple: 32, build: () => resNet() }
  const [, width, torch] = /^mobilenet-v2-(\d\.\d{1,2})(-torch)?$/.exec(name) ?? []
  if (width === undefined || !isWidth(width)) {
    throw expected(`one of ${backboneNames.join(', ')}`, 'backbone', name)
  }
  return {
    family: 'mobilenet-v2',
    inputMultiple: 32,
    build: () => mobileNetV2(Number(width), torch === undefined ? 'same' : 'symmetric'),
  }
}

/** One network has one name: 1.4 and not 1.40. */
function isWidth(text: string): boolean {
  const width = Number(text)
  const [low, high] = widthRange
  return (
    width >= low && width <= high && text === (Number.isInteger(width) ? width.toFixed(1) : String(width))
  )
}
