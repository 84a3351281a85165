import { mkdir, rm } from 'node:fs/promises'
import path from 'node:path'
import { KindredError } from '../../errors.js'
import { buildKey, buildsFolder, findBuild, type TensorflowBuild } from './build.js'
import { buildOnce } from './build-once.js'
import type { Environment } from './cache-folder.js'
import { allowedFlavours, type Flavour } from './flavour.js'
import { makeBuild } from './make-build.js'
import { hasNvidiaGpu } from './nvidia.js'
import { planBuild, thisMachine } from './plan.js'
import { describeMissingRoom, findPrerequisites } from './prerequisites.js'
import type { OnProgress } from './progress.js'

export interface SetupResult {
  readonly folder: string
  readonly build: TensorflowBuild
  /** Whether it was there before. */
  readonly reused: boolean
}

/**
 * Makes TensorFlow ready to train with, once a machine: afterwards `src/tensors/tensorflow.ts` loads. With a GPU whose
 * driver answers it is the CUDA build. Interrupted or run twice at once, it leaves one whole build.
 *
 * @throws KindredError TENSORFLOW_SETUP with what failed or is missing, and where the log is
 */
export async function setUpTensorflow({
  env = process.env,
  onProgress = () => undefined,
}: { env?: Environment; onProgress?: OnProgress } = {}): Promise<SetupResult> {
  const found = findBuild(env)
  const flavours = allowedFlavours(env)
  // A GPU can come to a machine later; looking for one costs nothing where there is no driver.
  const best = await bestFlavour(flavours, found?.build.flavour, env)
  if (found?.build.flavour === best) return { ...found, reused: true }

  const plan = planBuild(best, thisMachine())
  const folder = path.join(buildsFolder(env), buildKey(plan))
  const log = `${folder}.log`
  await mkdir(buildsFolder(env), { recursive: true })
  const [tools, noRoom] = await Promise.all([
    findPrerequisites(env),
    describeMissingRoom(buildsFolder(env), plan),
  ])
  if (noRoom !== undefined) throw new KindredError('TENSORFLOW_SETUP', noRoom)

  let made = false
  const build = await buildOnce(
    folder,
    async (temporary) => {
      made = true
      await rm(log, { force: true })
      return makeBuild(temporary, plan, tools, onProgress, { env, log })
    },
    () => {
      onProgress({ kind: 'note', text: 'Another process is setting up TensorFlow; waiting for it.' })
    },
  )
  await rm(log, { force: true })
  return { folder, build, reused: !made }
}

async function bestFlavour(
  allowed: readonly Flavour[],
  present: Flavour | undefined,
  env: Environment,
): Promise<Flavour> {
  const [first = 'cpu'] = allowed
  if (allowed.length === 1 || present === 'cuda') return first
  return (await hasNvidiaGpu(env)) ? 'cuda' : 'cpu'
}
