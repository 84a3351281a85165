import type { Architecture } from '../../bundles/manifest.js'
import type { InputTransform } from '../../images/input-transform.js'
import type { TensorMap } from '../../networks/tensor-map.js'

/** What an init brings to a run, before the settings are laid over it. */
export interface Init {
  /** `NAME@FINGERPRINT` of a bundle, the name of a file, or `random`. */
  readonly name: string
  /** Null where neither the init nor the settings name one. */
  readonly backbone: string | null
  /** Of a bundle: what its weights are for, the head among them. */
  readonly architecture: Architecture | null
  readonly transform: InputTransform
  readonly weights: TensorMap | undefined
  /** Licence notices that what is trained from it must carry on. */
  readonly notices: readonly string[]
}

/** Where the init says nothing: 160 px fits what catalogues show at a quarter of the cost of 320. */
export const plainTransform: InputTransform = {
  width: 160,
  height: 160,
  fit: 'squash',
  kernel: 'linear',
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
  layout: 'nchw',
}

/** As timm and torchvision train on ImageNet: normalised by the mean and deviation of its pictures. */
export const imageNetTransform: InputTransform = {
  ...plainTransform,
  kernel: 'cubic',
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
}
