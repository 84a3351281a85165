import { graphInput, inputsOf, type Backbone } from './graph.js'

/** Bytes of the largest output that a layer of a backbone has for one picture of these sides. */
export function largestOutput({ layers }: Backbone, height: number, width: number): number {
  const sides = new Map([[graphInput, { height, width }]])
  let largest = 0
  for (const layer of layers) {
    const [first = graphInput] = inputsOf(layer)
    const before = sides.get(first) ?? { height, width }
    if (layer.kind === 'add') {
      sides.set(layer.name, before)
      continue
    }
    const after = {
      height: Math.ceil(before.height / layer.stride),
      width: Math.ceil(before.width / layer.stride),
    }
    sides.set(layer.name, after)
    // A pooled map is smaller than the one that it comes from.
    if (layer.kind === 'conv') largest = Math.max(largest, 4 * after.height * after.width * layer.outChannels)
  }
  return largest
}
