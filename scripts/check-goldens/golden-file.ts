import { readFileSync } from 'node:fs'
import path from 'node:path'
import { KindredError } from '../../src/errors.js'

type Nested = number | readonly Nested[]

/** One reference value of a loss: named inputs, parameters, the value and gradients by some of the inputs. */
export interface GoldenCase {
  readonly loss: string
  readonly params: Readonly<Record<string, number | string | boolean>>
  readonly labels: readonly number[]
  readonly value: number
  /** Tensors by name: `embeddings`, `proxies`, `teacher`. */
  readonly inputs: Readonly<Record<string, Nested>>
  /** The gradient of the value by the input of that name. */
  readonly gradients: Readonly<Record<string, Nested>>
}

/** Reads `losses.json` of a folder of reference values. @throws KindredError INVALID_ARGUMENT */
export function readGoldenCases(folder: string): GoldenCase[] {
  const file = path.join(folder, 'losses.json')
  let cases: unknown
  try {
    cases = (JSON.parse(readFileSync(file, 'utf8')) as { cases?: unknown }).cases
  } catch (cause) {
    throw new KindredError('INVALID_ARGUMENT', `${file} cannot be read as JSON`, { cause })
  }
  if (!Array.isArray(cases) || cases.length === 0) {
    throw new KindredError('INVALID_ARGUMENT', `${file} holds no cases`)
  }
  return cases.map((one: unknown, at) => toCase(one, `${file} case ${at + 1}`))
}

function toCase(raw: unknown, where: string): GoldenCase {
  const { loss, params, labels, value, ...rest } = raw as Record<string, unknown>
  if (typeof loss !== 'string' || typeof value !== 'number' || !isNested(labels)) {
    throw new KindredError('INVALID_ARGUMENT', `${where} lacks loss, labels or value`)
  }
  const tensors = Object.entries(rest).filter((entry): entry is [string, Nested] => isNested(entry[1]))
  const gradients = tensors
    .filter(([name]) => name.startsWith('grad_'))
    .map(([name, gradient]) => [name.slice('grad_'.length), gradient] as const)
  const inputs = tensors.filter(([name, values]) => Array.isArray(values) && !name.startsWith('grad_'))
  return {
    loss,
    value,
    params: (params ?? {}) as GoldenCase['params'],
    labels: flatten(labels),
    inputs: Object.fromEntries(inputs),
    gradients: Object.fromEntries(gradients),
  }
}

const isNested = (value: unknown): value is Nested =>
  typeof value === 'number' || (Array.isArray(value) && value.every(isNested))

/** The numbers of a nested list in row-major order. */
export const flatten = (values: Nested): number[] =>
  typeof values === 'number' ? [values] : values.flatMap(flatten)
