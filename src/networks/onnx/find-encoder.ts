import { expected, KindredError } from '../../errors.js'
import type { OnnxFile, OnnxPort } from './read-onnx.js'
import { float32 } from './schema.js'

/** How pictures go into a graph and embeddings come out. */
export interface Encoder {
  readonly input: string
  readonly output: string
  readonly layout: 'nchw' | 'nhwc'
  readonly width: number
  readonly height: number
  /** Values of one embedding. */
  readonly dimensions: number
}

const channels = 3

/**
 * Finds how a graph embeds pictures, from its own statements and from what the caller knows.
 *
 * @param known what the caller knows; needed where the graph leaves it open, and refused where it says otherwise
 * @throws KindredError MODEL_UNSUITABLE for a graph that does not turn one picture into one embedding;
 * INVALID_ARGUMENT where something must be told or contradicts the graph
 */
export function findEncoder({ inputs, outputs }: OnnxFile, known: Partial<Encoder> = {}): Encoder {
  const input = pickInput(inputs, known.input)
  const output = pickOutput(outputs, known.output)
  const [batch = null, ...picture] = shapeOf(
    input,
    4,
    'pictures [N, 3, height, width] or [N, height, width, 3]',
  )
  checkBatch(input, batch)
  const layout = findLayout(picture, known.layout)
  const [ofChannels, ofHeight, ofWidth] = layout === 'nchw' ? [0, 1, 2] : [2, 0, 1]
  agree(input.name, 'channels', picture[ofChannels], channels)
  const [, dimensions = null] = shapeOf(output, 2, 'embeddings [N, dimensions]')
  return {
    input: input.name,
    output: output.name,
    layout,
    height: settle(input, 'height', picture[ofHeight], known.height, '--size'),
    width: settle(input, 'width', picture[ofWidth], known.width, '--size'),
    dimensions: settle(output, 'dimensions', dimensions, known.dimensions, '--dimensions'),
  }
}

function pickInput(inputs: readonly OnnxPort[], name: string | undefined): OnnxPort {
  const [only] = inputs
  if (only === undefined) throw unsuitable('The graph has no input')
  if (inputs.length > 1) {
    throw unsuitable(`The graph has ${inputs.length} inputs (${namesOf(inputs)}); an image encoder has one`)
  }
  if (name !== undefined && name !== only.name) throw expected(`the input ${only.name}`, '--input-name', name)
  checkType(only, 'input')
  return only
}

/** Of several outputs the only one that has the form of an embedding is taken. */
function pickOutput(outputs: readonly OnnxPort[], name: string | undefined): OnnxPort {
  const candidates = outputs.length === 1 ? outputs : outputs.filter(({ shape }) => shape?.length === 2)
  const found =
    name === undefined
      ? candidates.length === 1
        ? candidates[0]
        : undefined
      : outputs.find((output) => output.name === name)
  if (found !== undefined) {
    checkType(found, 'output')
    return found
  }
  if (name !== undefined) throw expected(`one of ${namesOf(outputs)}`, '--output-name', name)
  throw new KindredError('INVALID_ARGUMENT', `The graph has ${outputs.length} outputs: ${namesOf(outputs)}`, {
    hint: 'Name the one that gives the embedding: --output-name NAME',
  })
}

const typeNames: Readonly<Record<number, string>> = {
  2: 'uint8',
  3: 'int8',
  6: 'int32',
  7: 'int64',
  8: 'text',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  16: 'bfloat16',
}

function checkType({ name, type }: OnnxPort, side: 'input' | 'output'): void {
  if (type === float32) return
  const what = type === null ? 'no tensor' : (typeNames[type] ?? `of type ${type}`)
  throw unsuitable(`The ${side} ${name} is ${what}; an image encoder has float32`)
}

function shapeOf({ name, shape }: OnnxPort, axes: number, wanted: string): readonly (number | null)[] {
  if (shape === null) return Array.from({ length: axes }, () => null)
  if (shape.length === axes) return shape
  throw unsuitable(
    `${name} is [${shape.map((size) => size ?? '?').join(', ')}]; an image encoder has ${wanted}`,
  )
}

function checkBatch({ name }: OnnxPort, batch: number | null): void {
  if (batch === null || batch === 1) return
  throw unsuitable(
    `${name} takes ${batch} pictures at a time, no more and no fewer`,
    'Export it with a free number of pictures (dynamic_axes in PyTorch), or with 1.',
  )
}

function findLayout(
  picture: readonly (number | null)[],
  known: Encoder['layout'] | undefined,
): Encoder['layout'] {
  if (known !== undefined) return known
  const [first, , last] = picture
  if (first === channels && last !== channels) return 'nchw'
  if (last === channels && first !== channels) return 'nhwc'
  const couldBe = [first, last].some((size) => size === null || size === channels)
  if (!couldBe) {
    throw unsuitable(
      `The input is [N, ${picture.map((size) => size ?? '?').join(', ')}]; an image encoder has 3 channels`,
    )
  }
  throw new KindredError('INVALID_ARGUMENT', 'The graph does not say where its channels are', {
    hint: 'Say it: --layout nchw or --layout nhwc',
  })
}

function settle(
  { name }: OnnxPort,
  what: string,
  stated: number | null | undefined,
  known: number | undefined,
  flag: string,
): number {
  if (known !== undefined) {
    agree(name, what, stated, known)
    return known
  }
  if (stated != null) return stated
  throw new KindredError('INVALID_ARGUMENT', `The graph leaves the ${what} of ${name} open`, {
    hint: `Say it: ${flag}`,
  })
}

function agree(name: string, what: string, stated: number | null | undefined, wanted: number): void {
  if (stated == null || stated === wanted) return
  throw unsuitable(`${name} has ${what} ${stated} instead of ${wanted}`)
}

const namesOf = (ports: readonly OnnxPort[]): string => ports.map(({ name }) => name).join(', ')

const unsuitable = (message: string, hint?: string): KindredError =>
  new KindredError('MODEL_UNSUITABLE', message, hint === undefined ? {} : { hint })
