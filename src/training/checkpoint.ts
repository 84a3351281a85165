import { existsSync } from 'node:fs'
import { mkdir, open, readFile, rename } from 'node:fs/promises'
import path from 'node:path'
import type { SamplerState } from '../datasets/sampler.js'
import { KindredError } from '../errors.js'
import { readSafetensors, writeSafetensors } from '../networks/safetensors.js'
import type { NamedTensor, TensorMap } from '../networks/tensor-map.js'
import type { ValidationFigures } from './validate.js'

/** Where a run stands between two steps, apart from its tensors. */
export interface RunState {
  /** Steps done since the start of the run. */
  readonly step: number
  /** Epochs that were validated: one fewer than the steps say where a run stopped before its validation was done. */
  readonly epochsEnded: number
  readonly sampler: SamplerState
  /** Sum of the losses of the current epoch's steps, for its mean in the log. */
  readonly epochLoss: number
  /**
   * The best epoch so far, counted from 1; its weights lie in a checkpoint of their own. Without validation classes
   * it has no figures and is the latest.
   */
  readonly best: { readonly epoch: number; readonly figures: ValidationFigures | null } | null
}

/** Everything a run needs to go on: tensors by group, the state, and the settings it was made with. */
export interface Checkpoint {
  /** What the student learns: the network, or the head alone. */
  readonly network: TensorMap
  /** What the loss and its regularisers learn: proxies, a projector. */
  readonly loss: TensorMap
  /** The network at the end of the previous epoch, where a regulariser compares with it; else empty. */
  readonly teacher: TensorMap
  readonly optimiser: TensorMap
  readonly state: RunState
  readonly settings: Readonly<Record<string, unknown>>
}

const groups = ['network', 'loss', 'teacher', 'optimiser'] as const
const kind = 'kindred training checkpoint 2'

/** Writes a checkpoint as one safetensors file; the earlier one stays until the new one is whole on disk. */
export async function writeCheckpoint(file: string, checkpoint: Checkpoint): Promise<void> {
  const tensors = new Map<string, NamedTensor>()
  for (const group of groups) {
    for (const [name, tensor] of checkpoint[group]) tensors.set(`${group}/${name}`, tensor)
  }
  const { state, settings } = checkpoint
  const metadata = { kind, state: JSON.stringify(state), settings: JSON.stringify(settings) }
  await writeWhole(file, writeSafetensors(tensors, metadata))
}

/** @throws KindredError WEIGHTS_INVALID when the file is not a whole checkpoint */
export async function readCheckpoint(file: string): Promise<Checkpoint> {
  const { tensors, metadata } = readSafetensors(await readFile(file))
  const { state, settings } = metadata
  if (metadata['kind'] !== kind || state === undefined || settings === undefined) {
    throw new KindredError('WEIGHTS_INVALID', `${file} is not a checkpoint of this version`)
  }
  const group = (name: (typeof groups)[number]): TensorMap =>
    new Map(
      [...tensors].flatMap(([key, tensor]) =>
        key.startsWith(`${name}/`) ? [[key.slice(name.length + 1), tensor] as const] : [],
      ),
    )
  return {
    network: group('network'),
    loss: group('loss'),
    teacher: group('teacher'),
    optimiser: group('optimiser'),
    // Written by this very file: `kind` says so.
    state: JSON.parse(state) as RunState,
    settings: JSON.parse(settings) as Record<string, unknown>,
  }
}

/** The checkpoint to resume from, or null where there is none. */
export const findCheckpoint = (file: string): Promise<Checkpoint | null> =>
  existsSync(file) ? readCheckpoint(file) : Promise.resolve(null)

async function writeWhole(file: string, contents: Uint8Array): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true })
  const temporary = `${file}.new`
  const handle = await open(temporary, 'w')
  try {
    await handle.writeFile(contents)
    await handle.sync()
  } finally {
    await handle.close()
  }
  await rename(temporary, file)
}
