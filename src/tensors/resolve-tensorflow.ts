import { createRequire } from 'node:module'
import path from 'node:path'
import type * as Tf from '@tensorflow/tfjs-core'
import { KindredError } from '../errors.js'
import { findBuild } from './setup/build.js'
import type { Environment } from './setup/cache-folder.js'
import { TFJS_PACKAGE } from './setup/pins.js'

export interface Candidate {
  readonly name: string
  /** @throws whatever keeps this copy from loading */
  readonly load: () => unknown
}

/**
 * The copies of tfjs with a TensorFlow backend that may be here, best first: the one the set-up built, then one that
 * the user installed beside this program.
 */
export function candidates(env: Environment): Candidate[] {
  const found = findBuild(env)
  const here = createRequire(import.meta.url)
  const installed = [TFJS_PACKAGE, '@tensorflow/tfjs-node'].map((name) => ({
    name,
    load: (): unknown => here(name),
  }))
  if (!found) return installed
  const there = createRequire(path.join(found.folder, 'package.json'))
  return [{ name: found.folder, load: (): unknown => there(TFJS_PACKAGE) }, ...installed]
}

/**
 * The first candidate that loads.
 *
 * @throws KindredError TENSORFLOW_MISSING with what kept each of them from loading
 */
export function resolveTensorflow(choices: readonly Candidate[]): typeof Tf {
  const failures: string[] = []
  for (const { name, load } of choices) {
    try {
      const loaded = load()
      if (isTensorflow(loaded)) return loaded
      failures.push(`${name} is not tfjs`)
    } catch (error) {
      failures.push(`${name}: ${firstLine(error)}`)
    }
  }
  throw new KindredError('TENSORFLOW_MISSING', `No TensorFlow loads here (${failures.join('; ')})`)
}

const isTensorflow = (value: unknown): value is typeof Tf =>
  typeof value === 'object' && value !== null && 'matMul' in value && 'customGrad' in value

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split('\n', 1)[0] ?? ''
