import { KindredError } from '../errors.js'

type Environment = Record<string, string | undefined>

/**
 * What TensorFlow, oneDNN and OpenMP read when they load. With several threads the order in which partial sums meet
 * depends on who is done first, and so do the last bits of a result.
 */
const deterministic: Readonly<Record<string, string>> = {
  OMP_NUM_THREADS: '1',
  TF_NUM_INTRAOP_THREADS: '1',
  TF_NUM_INTEROP_THREADS: '1',
  TF_DETERMINISTIC_OPS: '1',
  TF_CUDNN_DETERMINISTIC: '1',
}

/** Makes what TensorFlow computes the same to the last bit each time. Only before `tensorflow.ts` is imported. */
export function makeDeterministic(env: Environment): void {
  Object.assign(env, deterministic)
}

/** @throws KindredError INVALID_SETTING where the process was not started so */
export function checkDeterministic(env: Environment): void {
  const other = Object.entries(deterministic).filter(([name, value]) => env[name] !== value)
  if (other.length === 0) return
  throw new KindredError('INVALID_SETTING', 'A deterministic run needs TensorFlow to be loaded for it', {
    hint: `Set ${other.map(([name, value]) => `${name}=${value}`).join(' ')} before it loads, as kindred train does.`,
  })
}
