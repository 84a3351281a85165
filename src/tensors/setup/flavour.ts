import { expected } from '../../errors.js'
import type { Environment } from './cache-folder.js'

/** Which libtensorflow: without or with CUDA. */
export type Flavour = 'cpu' | 'cuda'

/**
 * The flavours that may be used, best first. `KINDRED_TENSORFLOW` (auto, cpu or cuda) narrows them: a GPU that is too
 * old or taken can be left alone, and a machine that gets its GPU later can be prepared.
 *
 * @throws KindredError INVALID_SETTING
 */
export function allowedFlavours(env: Environment): readonly Flavour[] {
  const wanted = env['KINDRED_TENSORFLOW']
  if (wanted === undefined || wanted === '' || wanted === 'auto') return ['cuda', 'cpu']
  if (wanted === 'cpu' || wanted === 'cuda') return [wanted]
  throw expected('one of auto, cpu, cuda', 'KINDRED_TENSORFLOW', wanted, 'INVALID_SETTING')
}
