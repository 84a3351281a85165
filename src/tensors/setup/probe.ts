import { KindredError } from '../../errors.js'
import { TFJS_PACKAGE } from './pins.js'
import { runCommand, type CommandContext } from './run-command.js'

const PROGRAM = `
const tf = require(process.argv[1])
const x = tf.tensor2d([[1, 2], [3, 4]])
const gradient = tf.grad((v) => tf.matMul(v, v).sum())(x)
const answer = { backend: tf.getBackend(), gradient: Array.from(gradient.dataSync()), gpu: tf.backend().isUsingGpuDevice === true }
console.log('probe ' + JSON.stringify(answer))
`

/**
 * Loads tfjs in a child process, which a library that does not fit may take down, and has it multiply two matrices and
 * differentiate the product.
 *
 * @returns whether it computes on a GPU
 * @throws KindredError TENSORFLOW_SETUP
 */
export async function probe(context: CommandContext, name: string = TFJS_PACKAGE): Promise<{ gpu: boolean }> {
  const output = await runCommand(process.execPath, ['-e', PROGRAM, name], {
    ...context,
    env: { TF_CPP_MIN_LOG_LEVEL: '2', ...context.env },
  })
  const line = /^probe (.*)$/m.exec(output)?.[1] ?? ''
  if (!line.startsWith('{"backend":"tensorflow","gradient":[7,11,9,13],'))
    throw new KindredError('TENSORFLOW_SETUP', `TensorFlow loads but computes wrongly: ${line}`, {
      hint: `The whole log: ${context.log}`,
    })
  return { gpu: line.endsWith('"gpu":true}') }
}
