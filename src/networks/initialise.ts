import type { Graph } from './graph.js'
import { checkWeights, parametersOf, type Parameter } from './parameters.js'
import { sizeOf, type NamedTensor, type TensorMap } from './tensor-map.js'

/**
 * Starting weights: biases zero, all else normal with variance 2 / fan-in (He et al. 2015), or 1 / fan-in for the
 * linear head, which no rectifier follows. A tensor depends on the seed and its own name alone, so a network that
 * gains a layer keeps the start of the others.
 *
 * @param given all of the network's weights, or all but the linear head's, to start from
 * @throws KindredError WEIGHTS_INVALID for weights that do not fit
 */
export function initialWeights(graph: Graph, seed: number, given?: TensorMap): TensorMap {
  if (given !== undefined) checkWeights(graph, given, { headMayLack: true })
  return new Map(
    parametersOf(graph).map((parameter) => [
      parameter.name,
      given?.get(parameter.name) ?? initialTensor(parameter, seed),
    ]),
  )
}

function initialTensor({ name, shape, role, fanIn }: Parameter, seed: number): NamedTensor {
  const data = new Float32Array(sizeOf(shape))
  if (role !== 'bias') fillNormal(data, Math.sqrt((role === 'linear' ? 1 : 2) / fanIn), seed, name)
  return { shape, data }
}

/** Normal values by Box and Muller from a counter that is hashed, so that each tensor has a stream of its own. */
function fillNormal(data: Float32Array, deviation: number, seed: number, name: string): void {
  let state = mix(seed | 0)
  for (let index = 0; index < name.length; index++) state = mix(state ^ name.charCodeAt(index))
  const uniform = (counter: number): number =>
    ((mix(state + Math.imul(counter, 0x9e3779b9)) >>> 0) + 0.5) / 2 ** 32
  for (let index = 0; index < data.length; index++) {
    const radius = Math.sqrt(-2 * Math.log(uniform(2 * index)))
    data[index] = deviation * radius * Math.cos(2 * Math.PI * uniform(2 * index + 1))
  }
}

/** The 32-bit finaliser of MurmurHash3. */
function mix(value: number): number {
  let hash = value
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}
