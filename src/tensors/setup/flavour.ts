import { expected } from '../../errors.js'
import type { Environment } from './cache-folder.js'

/** Which libtensorflow: without or with CUDA. */
export type Flavour = 'cpu' | 'cuda'

/** Read from the environment alone, as it decides what is compiled and loaded. */
export const flavourVariable = {
  name: 'KINDRED_TENSORFLOW',
  default: 'auto',
  accepts: 'auto, cpu, cuda',
  description: 'Which TensorFlow trains; auto takes CUDA where an NVIDIA driver answers.',
} as const

/**
 * The flavours that may be used, best first. `KINDRED_TENSORFLOW` (auto, cpu or cuda) narrows them: a GPU that is too
 * old or taken can be left alone, and a machine that gets its GPU later can be prepared.
 *
 * @throws KindredError INVALID_SETTING
 */
export function allowedFlavours(env: Environment): readonly Flavour[] {
  const wanted = env[flavourVariable.name]
  if (wanted === undefined || wanted === '' || wanted === 'auto') return ['cuda', 'cpu']
  if (wanted === 'cpu' || wanted === 'cuda') return [wanted]
  throw expected(`one of ${flavourVariable.accepts}`, flavourVariable.name, wanted, 'INVALID_SETTING')
}
