import { KindredError } from '../../errors.js'
import { findBackbone, type BackboneKind } from '../backbone-registry.js'
import type { Backbone } from '../graph.js'
import type { NamedTensor, TensorMap } from '../tensor-map.js'
import { foldBatchNorm, type BatchNorm } from './fold-batch-norm.js'
import { publishedNames } from './names.js'

/** Weights in our names, and the backbone that they are for. */
export interface PublishedWeights {
  readonly backbone: string
  readonly weights: TensorMap
}

/** Widths of MobileNetV2 that timm publishes without changing its depth. */
const publishedWidths = ['0.35', '0.5', '0.75', '1.0', '1.4']

/**
 * The published network that these tensors are of, by their names and shapes; null where they have other names.
 */
export function recognisePublished(tensors: TensorMap): BackboneKind['family'] | null {
  if (tensors.has('conv_stem.weight') && tensors.has('bn1.running_mean')) return 'mobilenet-v2'
  if (tensors.has('conv1.weight') && tensors.has('bn1.running_mean')) return 'resnet'
  return null
}

/**
 * Gives weights in timm's names ours, with BatchNorm folded into the convolutions. Their classifier is left out.
 * timm trained MobileNetV2 with PyTorch's padding, so `mobilenet-v2-1.0` becomes `mobilenet-v2-1.0-torch`.
 *
 * @param backbone by name; null takes the published one that fits
 * @throws KindredError WEIGHTS_INVALID where the tensors are not those of the backbone; INVALID_ARGUMENT for an unknown
 * backbone
 */
export function importPublished(tensors: TensorMap, backbone: string | null): PublishedWeights {
  const family = recognisePublished(tensors)
  const name = backbone ?? publishedBackbone(tensors, family)
  const asked = findBackbone(name)
  if (family === null || asked.family !== family) {
    throw new KindredError(
      'WEIGHTS_INVALID',
      `The weights are of ${family ?? 'no known network'}, not of ${name}`,
    )
  }
  const trained = family === 'mobilenet-v2' && !name.endsWith('-torch') ? `${name}-torch` : name
  return { backbone: trained, weights: importInto(findBackbone(trained).build(), family, tensors) }
}

/**
 * As `importPublished`, for a backbone at hand.
 *
 * @throws KindredError WEIGHTS_INVALID
 */
export function importInto(
  backbone: Backbone,
  family: BackboneKind['family'],
  tensors: TensorMap,
): TensorMap {
  const unused = new Set(tensors.keys())
  const take = (name: string, size?: number): NamedTensor => {
    const tensor = tensors.get(name)
    if (tensor === undefined) throw invalid(`The weights lack ${name}`)
    if (size !== undefined && tensor.data.length !== size) {
      throw invalid(`The weights hold ${tensor.data.length} values of ${name} instead of ${size}`)
    }
    unused.delete(name)
    return tensor
  }
  const weights = new Map<string, NamedTensor>()
  for (const layer of backbone.layers) {
    if (layer.kind !== 'conv') continue
    const names = publishedNames(family, layer.name)
    if (names === undefined) throw invalid(`No published network has the layer ${layer.name}`)
    const filter = take(`${names.conv}.weight`)
    const part = (of: string): Float32Array => take(`${names.norm}.${of}`, layer.outChannels).data
    const norm: BatchNorm = {
      scale: part('weight'),
      shift: part('bias'),
      mean: part('running_mean'),
      variance: part('running_var'),
    }
    const { weight, bias } = foldBatchNorm(filter, norm)
    weights.set(`${layer.name}.weight`, weight)
    weights.set(`${layer.name}.bias`, bias)
  }
  const unknown = [...unused].filter((name) => !isOfNoUse(name))
  if (unknown.length > 0) {
    throw invalid(`The weights hold tensors the network lacks: ${unknown.slice(0, 5).join(', ')}`)
  }
  return weights
}

/** The classifier, and how many batches BatchNorm saw. */
const isOfNoUse = (name: string): boolean =>
  /^(classifier|fc)\./.test(name) || name.endsWith('.num_batches_tracked')

function publishedBackbone(tensors: TensorMap, family: BackboneKind['family'] | null): string {
  if (family === 'resnet') return 'resnet-50'
  const last = tensors.get('conv_head.weight')?.shape.slice(0, 2).join()
  const width = publishedWidths.find((each) => {
    const head = findBackbone(`mobilenet-v2-${each}`).build().layers.at(-1)
    return head?.kind === 'conv' && [head.outChannels, head.inChannels].join() === last
  })
  if (width === undefined) {
    throw new KindredError('WEIGHTS_INVALID', 'The weights do not tell which backbone they are of', {
      hint: 'Name it: `backbone` in the settings of the run.',
    })
  }
  return `mobilenet-v2-${width}`
}

const invalid = (message: string): KindredError => new KindredError('WEIGHTS_INVALID', message)
