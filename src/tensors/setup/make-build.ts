import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { KindredError } from '../../errors.js'
import { packageFolder, type TensorflowBuild } from './build.js'
import { compileBinding } from './compile-binding.js'
import {
  downloadWheels,
  placeLibraries,
  readCudaRequirements,
  stripLibraries,
  tensorflowRequirement,
  unpackWheels,
} from './libtensorflow.js'
import { installPackage, trimPackage } from './npm-package.js'
import { TENSORFLOW_VERSION, TFJS_PACKAGE, TFJS_VERSION } from './pins.js'
import { patchBinding } from './patch-binding.js'
import type { BuildPlan } from './plan.js'
import { describeMissing, type Prerequisites } from './prerequisites.js'
import { probe } from './probe.js'
import { stepCounter, type OnProgress } from './progress.js'
import { runCommand, type CommandContext } from './run-command.js'

export type Made = Pick<TensorflowBuild, 'flavour' | 'source'>
type Context = Omit<CommandContext, 'cwd'>
type WheelPlan = Extract<BuildPlan, { source: 'wheel' }>

/**
 * Fills the folder with a TensorFlow that was seen to compute: from the wheel, else by the package's own installer.
 *
 * @throws KindredError TENSORFLOW_SETUP when both fail, with what is missing here and how to get it
 */
export async function makeBuild(
  folder: string,
  plan: BuildPlan,
  tools: Prerequisites,
  onProgress: OnProgress,
  context: Context,
): Promise<Made> {
  let reason: string
  if (plan.source === 'package-installer') reason = `${plan.because}.`
  else if (tools.missing.length > 0) reason = describeMissing(tools.missing, plan.platform)
  else {
    try {
      return await fromWheel(folder, plan, tools, onProgress, context)
    } catch (error) {
      reason = error instanceof Error ? error.message : String(error)
    }
  }
  const [why] = reason.split('\n', 1)
  onProgress({ kind: 'note', text: `${why ?? ''}\nFalling back to the installer of ${TFJS_PACKAGE} itself.` })
  try {
    await rm(folder, { recursive: true, force: true })
    await mkdir(folder)
    return await fromPackageInstaller(folder, plan, onProgress, context)
  } catch (cause) {
    const detail = cause instanceof Error ? cause.message : String(cause)
    throw new KindredError(
      'TENSORFLOW_SETUP',
      `TensorFlow could not be set up.\n${reason}\nThe installer of ${TFJS_PACKAGE} did not work either: ${detail}`,
      { cause, hint: `The whole log: ${context.log}` },
    )
  }
}

async function fromWheel(
  folder: string,
  plan: WheelPlan,
  { python, compiler }: Prerequisites,
  onProgress: OnProgress,
  context: Context,
): Promise<Made> {
  if (python === undefined || compiler === undefined)
    throw new KindredError('INTERNAL', 'A build from the wheel was begun without its tools')
  const withCuda = plan.flavour === 'cuda'
  const step = stepCounter(withCuda ? 7 : 6, onProgress)
  const commands = { ...context, cwd: folder }
  const wheels = path.join(folder, 'wheels')
  const unpacked = path.join(folder, 'unpacked')
  const { distribution, tags } = plan.wheel

  await step(`Install ${TFJS_PACKAGE} ${TFJS_VERSION}`, () => installPackage(folder, commands))
  await step(`Download TensorFlow ${TENSORFLOW_VERSION} (${distribution}, ${withCuda ? 570 : 270} MB)`, () =>
    downloadWheels(python, [tensorflowRequirement(plan.wheel)], tags, wheels, commands),
  )
  await step('Unpack libtensorflow', () => unpackWheels(python, wheels, unpacked, commands))
  if (withCuda)
    await step('Download and unpack the CUDA libraries (2 to 3 GB)', async () => {
      await downloadWheels(python, await readCudaRequirements(unpacked), tags, wheels, commands)
      await unpackWheels(python, wheels, unpacked, commands)
    })
  await placeLibraries(unpacked, folder, withCuda)
  await patchBinding(folder)
  await step('Compile the binding', () => compileBinding(compiler, folder, commands))
  await step('Drop what is not needed to run', async () => {
    await stripLibraries(folder, commands)
    await trimPackage(folder)
  })
  await check(step, plan, commands, onProgress)
  return { flavour: plan.flavour, source: 'wheel' }
}

/** What `npm install` of the package would run: it fetches an older libtensorflow and a binding, or compiles one. */
async function fromPackageInstaller(
  folder: string,
  plan: BuildPlan,
  onProgress: OnProgress,
  context: Context,
): Promise<Made> {
  const step = stepCounter(3, onProgress)
  const commands = { ...context, cwd: folder }
  await step(`Install ${TFJS_PACKAGE} ${TFJS_VERSION}`, () => installPackage(folder, commands))
  const installer = { ...commands, cwd: packageFolder(folder), env: withBinaries(context.env, folder) }
  await step('Run its installer', () =>
    runCommand(
      process.execPath,
      [path.join('scripts', 'install.js'), plan.flavour === 'cuda' ? 'gpu' : 'cpu', 'download'],
      installer,
    ),
  )
  await trimPackage(folder)
  await check(step, plan, commands, onProgress)
  return { flavour: plan.flavour, source: 'package-installer' }
}

async function check(
  step: ReturnType<typeof stepCounter>,
  plan: BuildPlan,
  context: CommandContext,
  onProgress: OnProgress,
): Promise<void> {
  const { gpu } = await step('Check that it computes a gradient', () => probe(context))
  if (plan.flavour === 'cuda' && !gpu)
    onProgress({
      kind: 'note',
      text: 'TensorFlow sees no GPU and computes on the CPU: is the NVIDIA driver too old?',
    })
}

const withBinaries = (env: CommandContext['env'], folder: string): CommandContext['env'] => ({
  ...env,
  PATH: [path.join(folder, 'node_modules', '.bin'), env['PATH'] ?? ''].join(path.delimiter),
})
