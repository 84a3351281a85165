import { stat, readFile } from 'node:fs/promises'
import path from 'node:path'
import { loadBundle } from '../bundles/load-bundle.js'
import type { Architecture } from '../bundles/manifest.js'
import { KindredError } from '../errors.js'
import type { InputTransform } from '../images/input-transform.js'
import { architectureGraph } from '../networks/architecture-graph.js'
import { weightsFile } from '../networks/onnx/export-onnx.js'
import { withoutHead } from '../networks/parameters.js'
import { readSafetensors } from '../networks/safetensors.js'
import type { TensorMap } from '../networks/tensor-map.js'
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

interface Init {
  readonly name: string
  readonly backbone: string | null
  readonly architecture: Architecture | null
  readonly transform: InputTransform
  readonly weights: TensorMap | undefined
  readonly notices: readonly string[]
}

/** Where the init says nothing: 160 px fits what catalogues show at a quarter of the cost of 320. */
const plainTransform: InputTransform = {
  width: 160,
  height: 160,
  fit: 'squash',
  kernel: 'linear',
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
  layout: 'nchw',
}

/**
 * Resolves `init`, `backbone`, `pooling`, `dimensions` and `input`.
 *
 * @throws KindredError MODEL_NOT_FOUND, MODEL_CORRUPT, WEIGHTS_INVALID; INVALID_ARGUMENT for an unknown backbone;
 * INVALID_SETTING where none is named
 */
export async function findStartingPoint(
  settings: Pick<TrainSettings, 'init' | 'backbone' | 'pooling' | 'dimensions' | 'input'>,
): Promise<StartingPoint> {
  const init = await readInit(settings.init)
  const backbone = settings.backbone ?? init.backbone
  if (backbone === null) {
    throw new KindredError('INVALID_SETTING', `The init ${settings.init} names no backbone: set \`backbone\``)
  }
  const architecture: Architecture = { backbone, pooling: settings.pooling, head: settings.dimensions }
  // Throws for what cannot be built, before any picture is read.
  architectureGraph(architecture)
  const { size, fit, kernel } = settings.input
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

async function readInit(init: string): Promise<Init> {
  if (init === 'random') {
    const nothing = { backbone: null, architecture: null, weights: undefined, notices: [] }
    return { name: 'random', transform: plainTransform, ...nothing }
  }
  const isFile = await stat(init).then(
    (found) => found.isFile(),
    () => false,
  )
  return isFile ? readWeightsFile(init) : readBundle(init)
}

async function readBundle(folder: string): Promise<Init> {
  const { folder: located, manifest, model } = await loadBundle(folder)
  const { architecture, input, licence } = manifest
  const { tensors } = readSafetensors(await readFile(path.join(located, weightsFile)))
  return {
    name: model,
    backbone: architecture.backbone,
    architecture,
    transform: input,
    weights: tensors,
    notices: licence.notices,
  }
}

async function readWeightsFile(file: string): Promise<Init> {
  const { tensors, metadata } = readSafetensors(await readFile(file))
  const { architecture, license, source } = metadata
  const notices = [license, source].filter((part) => part !== undefined)
  return {
    name: path.basename(file),
    // mobilenet_v2_1.0 in a header is the registry's mobilenet-v2-1.0.
    backbone: architecture?.replaceAll('_', '-') ?? null,
    architecture: null,
    transform: plainTransform,
    weights: tensors,
    notices: notices.length === 0 ? [] : [`Initial weights ${path.basename(file)}: ${notices.join(', ')}`],
  }
}

const sameNetwork = (a: Architecture | null, b: Architecture): boolean =>
  a !== null && a.backbone === b.backbone && a.pooling === b.pooling && a.head === b.head
