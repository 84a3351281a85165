import type { Architecture } from '../bundles/manifest.js'
import { expected } from '../errors.js'
import { architectureGraph } from '../networks/architecture-graph.js'
import { isHead, parametersOf } from '../networks/parameters.js'

/** What the setting `train` may be. */
export const trainForm = /^(all|head|last-[1-9]\d{0,3}-blocks)$/

/**
 * Names of the variables that learn under a setting of `train`; the head's are always among them.
 *
 * @param names in the order of the network's layers
 * @throws KindredError INVALID_SETTING for more blocks than there are
 */
export function learningNames(train: string, names: readonly string[]): ReadonlySet<string> {
  if (train === 'all') return new Set(names)
  const wanted = Number(/^last-(\d+)-blocks$/.exec(train)?.[1] ?? 0)
  const blocks = [...new Set(names.filter((name) => !isHead(name)).map(blockOf))]
  if (wanted > blocks.length) {
    throw expected(`at most the ${blocks.length} blocks of the backbone`, 'train', train, 'INVALID_SETTING')
  }
  const learning = new Set(blocks.slice(blocks.length - wanted))
  return new Set(names.filter((name) => isHead(name) || learning.has(blockOf(name))))
}

/** Checks a setting of `train` before any work. @throws KindredError INVALID_SETTING for more blocks than there are */
export function checkLearning(train: string, architecture: Architecture): void {
  learningNames(
    train,
    parametersOf(architectureGraph(architecture)).map(({ name }) => name),
  )
}

/** `blocks.3` of `blocks.3.dw.weight`, `layer1.0` of `layer1.0.conv2.bias`, `stem` of `stem.weight`. */
const blockOf = (name: string): string => /^[^.]+(\.\d+)?/.exec(name)?.[0] ?? name
