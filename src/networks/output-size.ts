import { graphInput, type Backbone } from './graph.js'

/** Bytes of the largest output that a layer of a backbone has for one picture of these sides. */
export function largestOutput({ layers }: Backbone, height: number, width: number): number {
  const sides = new Map([[graphInput, { height, width }]])
  let largest = 0
  for (const layer of layers) {
    if (layer.kind !== 'conv') {
      const [first] = layer.inputs
      sides.set(layer.name, sides.get(first) ?? { height, width })
      continue
    }
    const before = sides.get(layer.input) ?? { height, width }
    const after = {
      height: Math.ceil(before.height / layer.stride),
      width: Math.ceil(before.width / layer.stride),
    }
    sides.set(layer.name, after)
    largest = Math.max(largest, 4 * after.height * after.width * layer.outChannels)
  }
  return largest
}
