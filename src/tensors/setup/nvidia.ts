import type { Environment } from './cache-folder.js'
import { ask } from './run-command.js'

/** Whether the driver answers and lists a GPU; the CUDA libraries come with the build, so only the driver is asked. */
export async function hasNvidiaGpu(env: Environment): Promise<boolean> {
  const list = await ask('nvidia-smi', ['-L'], env)
  return list !== undefined && /^GPU \d+:/m.test(list)
}
