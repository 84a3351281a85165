import { existsSync } from 'node:fs'
import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os'
import { Command } from 'commander'
import { listBundles, type BundleListing } from '../bundles/list-bundles.js'
import { graphLibrary } from '../collections/embedded/graph-library.js'
import { repairStore } from '../collections/embedded/repair-store.js'
import { verifyStore } from '../collections/embedded/verify-store.js'
import type { Config } from '../config.js'
import { listProviders } from '../embedding/providers.js'
import { toKindredError } from '../errors.js'
import { hasNvidiaGpu } from '../tensors/setup/nvidia.js'
import { tensorflowStatus } from '../tensors/setup/status.js'
import { exitCode } from './exit.js'
import { addSettings, configOf } from './setting-options.js'

/** `bad` is something broken that should be mended; `none` something that is not there and need not be. */
type State = 'good' | 'none' | 'bad'

interface Finding {
  readonly subject: string
  readonly state: State
  readonly detail: string
}

/** `kindred doctor`: what this machine has and whether models and store are sound. */
export function doctorCommand(): Command {
  const command = new Command('doctor')
    .description(
      'Tell what this machine has: devices, TensorFlow, ONNX Runtime, models, the store and its health.',
    )
    .option('--repair', 'mend the store, as far as can be; no server may have it open')
    .option('--json', 'print one JSON object')
  addSettings(command, ['store', 'models'])
  return command
    .addHelpText('after', '\nExamples:\n  kindred doctor --store index\n  kindred doctor --repair')
    .action(async (flags: { json?: true; repair?: true }) => {
      const config = configOf(command)
      const findings = [
        machine(),
        await gpu(),
        tensorflow(),
        runtime(),
        graphs(),
        ...(await models(config)),
        ...(await storeHealth(config, flags.repair === true ? repairStore : verifyStore)),
      ]
      process.stdout.write(flags.json ? `${JSON.stringify({ findings })}\n` : findings.map(line).join(''))
      if (findings.some(({ state }) => state === 'bad')) process.exitCode = exitCode.failure
    })
}

const marks = { good: 'ok  ', none: '-   ', bad: 'BAD ' } as const
const line = ({ subject, state, detail }: Finding): string =>
  `${marks[state]}${subject.padEnd(18)}${detail}\n`

function machine(): Finding {
  const memory = `${(totalmem() / 2 ** 30).toFixed(0)} GiB`
  const processor = cpus()[0]?.model.trim() ?? 'unknown processor'
  return {
    subject: 'machine',
    state: 'good',
    detail: `${platform()} ${arch()}, ${processor}, ${availableParallelism()} cores, ${memory}, Node ${process.versions.node}`,
  }
}

/** Of NVIDIA: what CUDA builds need. WebGPU finds others by itself. */
async function gpu(): Promise<Finding> {
  const found = await hasNvidiaGpu(process.env)
  return found
    ? { subject: 'GPU', state: 'good', detail: 'NVIDIA, its driver answers' }
    : { subject: 'GPU', state: 'none', detail: 'no NVIDIA driver answers; the processor trains and serves' }
}

function tensorflow(): Finding {
  const status = tensorflowStatus()
  const subject = 'TensorFlow'
  if (status.state === 'missing') {
    return { subject, state: 'none', detail: 'not set up; only training needs it (npm run setup:tensorflow)' }
  }
  const size = `${Math.round(status.bytes / 1e6)} MB`
  return {
    subject,
    state: 'good',
    detail: `${status.version} (${status.flavour}), ${size} in ${status.folder}`,
  }
}

function runtime(): Finding {
  try {
    const providers = listProviders().map(({ name, bundled }) => (bundled ? name : `${name} (opt-in)`))
    return { subject: 'ONNX Runtime', state: 'good', detail: providers.join(', ') }
  } catch (thrown) {
    return { subject: 'ONNX Runtime', state: 'bad', detail: toKindredError(thrown).message }
  }
}

function graphs(): Finding {
  const { version, tuning } = graphLibrary()
  const how =
    tuning === null
      ? 'as installed (npm run tune compiles it for this machine)'
      : `tuned for this machine (${tuning})`
  return { subject: 'search graphs', state: 'good', detail: `hnswlib-node ${version}, ${how}` }
}

async function models(config: Config): Promise<Finding[]> {
  let listing: BundleListing
  try {
    listing = await listBundles(config.models)
  } catch (thrown) {
    return [{ subject: 'models', state: 'bad', detail: toKindredError(thrown).message }]
  }
  const { bundles, broken } = listing
  return [
    ...bundles.map(({ model, manifest }) => ({
      subject: 'model',
      state: 'good' as const,
      detail: `${model}, ${manifest.embedding.dimensions} dimensions, ${manifest.licence.spdx}`,
    })),
    ...broken.map(({ folder, error }) => ({
      subject: 'model',
      state: 'bad' as const,
      detail: `${folder}: ${error.message}`,
    })),
  ]
}

async function storeHealth(config: Config, look: typeof verifyStore): Promise<Finding[]> {
  if (!existsSync(config.store))
    return [{ subject: 'store', state: 'none', detail: `nothing at ${config.store} yet` }]
  try {
    return await look(config.store)
  } catch (thrown) {
    const error = toKindredError(thrown)
    if (error.code !== 'STORE_LOCKED') return [{ subject: 'store', state: 'bad', detail: error.message }]
    const detail = `${config.store} is in use, by a running server perhaps; stop it to have the store looked after`
    return [{ subject: 'store', state: 'none', detail }]
  }
}
