import type { Architecture } from '../bundles/manifest.js'
import { expected, KindredError } from '../errors.js'
import type { InputTransform } from '../images/input-transform.js'
import { architectureGraph } from '../networks/architecture-graph.js'
import { findBackbone } from '../networks/backbone-registry.js'
import { withoutHead } from '../networks/parameters.js'
import type { TensorMap } from '../networks/tensor-map.js'
import { readInit, type Fetching } from './init/read-init.js'
import type { TrainSettings } from './settings.js'

/** The network that a run starts from and how its pictures are prepared. */
export interface StartingPoint {
  readonly architecture: Architecture
  /** Input of training and of the published bundle alike, but for the layout. */
  readonly transform: InputTransform
  /** Weights to start from; what is missing (a new head, or all of it) is drawn from the seed. */
  readonly weights: TensorMap | undefined
  /** `NAME@FINGERPRINT` of a bundle, the name of a file, or `random`. */
  readonly name: string
  /** Licence notices of the init, which what is trained from it must carry on. */
  readonly notices: readonly string[]
}

type StartSettings = Pick<
  TrainSettings,
  'init' | 'initMaxBytes' | 'initTimeout' | 'backbone' | 'pooling' | 'dimensions' | 'input'
>

/**
 * Resolves `init` (which may be fetched), `backbone`, `pooling`, `dimensions` and `input`.
 *
 * @param watching who is told of a download, and may stop it
 * @throws KindredError MODEL_NOT_FOUND, MODEL_CORRUPT, WEIGHTS_INVALID, DOWNLOAD_FAILED; INVALID_ARGUMENT for an unknown
 * backbone; INVALID_SETTING where none is named, for a size that does not suit it, or an init that cannot be trained
 */
export async function findStartingPoint(
  settings: StartSettings,
  watching: Pick<Fetching, 'onProgress' | 'signal'> = {},
): Promise<StartingPoint> {
  const init = await readInit(settings.init, settings.backbone, {
    ...watching,
    maxBytes: settings.initMaxBytes,
    timeoutSeconds: settings.initTimeout,
  })
  const { backbone } = init
  if (backbone === null) {
    throw new KindredError('INVALID_SETTING', `The init ${settings.init} names no backbone: set \`backbone\``)
  }
  const architecture: Architecture = { backbone, pooling: settings.pooling, head: settings.dimensions }
  // Throws for what cannot be built, before any picture is read.
  architectureGraph(architecture)
  const { size, fit, kernel } = settings.input
  checkSize(backbone, size)
  const { name, weights, notices, transform } = init
  return {
    architecture,
    transform: {
      ...transform,
      ...(size !== null && { width: size, height: size }),
      ...(fit !== null && { fit }),
      ...(kernel !== null && { kernel }),
      layout: 'nchw',
    },
    // A head is of use only to the very same architecture; another would not even fit.
    weights: weights && (sameNetwork(init.architecture, architecture) ? weights : withoutHead(weights)),
    name,
    notices,
  }
}

/** Strides that do not come out even lose a border of the picture; a bundle that has such a size keeps it. */
function checkSize(backbone: string, size: number | null): void {
  const { inputMultiple } = findBackbone(backbone)
  if (size === null || size % inputMultiple === 0) return
  throw expected(`a multiple of ${inputMultiple} for ${backbone}`, 'input.size', size, 'INVALID_SETTING')
}

const sameNetwork = (a: Architecture | null, b: Architecture): boolean =>
  a !== null && a.backbone === b.backbone && a.pooling === b.pooling && a.head === b.head
