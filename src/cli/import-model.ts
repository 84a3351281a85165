import { Command, InvalidArgumentError, Option } from 'commander'
import type { InputTransform } from '../images/input-transform.js'
import type { Encoder } from '../networks/onnx/find-encoder.js'
import { collect, wholeNumber } from './exit.js'
import { importEncoder } from './import-model/import-encoder.js'
import { addSettings, configOf } from './setting-options.js'

interface Flags {
  readonly output: string
  readonly licence: string
  readonly mean: readonly [number, number, number]
  readonly std: readonly [number, number, number]
  readonly size?: { readonly width: number; readonly height: number }
  readonly layout?: Encoder['layout']
  readonly inputName?: string
  readonly outputName?: string
  readonly dimensions?: number
  readonly fit: InputTransform['fit']
  readonly kernel: InputTransform['kernel']
  readonly description?: string
  readonly notice?: readonly string[]
  readonly replace?: true
  readonly json?: true
}

/** `kindred import-model`: a bundle of any ONNX image encoder. */
export function importModelCommand(): Command {
  const command = new Command('import-model')
    .description(
      'Make a model bundle of an ONNX image encoder, to index, serve and evaluate with it. It is run on pictures first; ' +
        'what the graph says of itself (names, layout, size, dimensions) need not be told.',
    )
    .argument('<file.onnx>', 'graph with one float32 input of pictures and an output [N, dimensions]')
    .requiredOption('--output <folder>', 'bundle to write, such as models/dino')
    .requiredOption(
      '--mean <r,g,b>',
      'what pixels / 255 are normalised by, or one number for all three',
      numbers,
    )
    .requiredOption('--std <r,g,b>', 'what they are then divided by', deviations)
    .option('--size <pixels>', 'side of the input, or WIDTHxHEIGHT', size)
    .addOption(new Option('--layout <order>', 'order of the input').choices(['nchw', 'nhwc']))
    .option('--input-name <name>', "the graph's input")
    .option('--output-name <name>', "the graph's output that is the embedding")
    .option('--dimensions <n>', 'values of one embedding', wholeNumber(1, 65_536))
    .addOption(
      new Option('--fit <how>', 'how a picture fills the input')
        .choices(['squash', 'cover', 'contain'])
        .default('squash'),
    )
    .addOption(
      new Option('--kernel <name>', 'resampling kernel')
        .choices(['nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3'])
        .default('linear'),
    )
    .option('--licence <text>', 'of the network: an SPDX identifier where there is one', 'unknown')
    .option('--description <text>', 'one sentence for its card')
    .option('--notice <text>', 'licence notice to carry; may be repeated', collect)
    .option('--replace', 'replace a bundle of this name')
    .option('--json', 'print one JSON object')
  addSettings(command, ['provider', 'embedThreads'])
  return command
    .addHelpText(
      'after',
      '\nExample:\n  kindred import-model dino.onnx --output models/dino --licence Apache-2.0 \\\n' +
        '    --mean 0.485,0.456,0.406 --std 0.229,0.224,0.225 --size 224',
    )
    .action(async (file: string, flags: Flags) => {
      const { licence, mean, std, fit, kernel, layout, inputName, outputName, dimensions, json } = flags
      const bundle = await importEncoder(
        {
          file,
          folder: flags.output,
          description: flags.description ?? 'Imported image encoder.',
          licence: { spdx: licence, notices: flags.notice ?? [] },
          preparation: { mean, std, fit, kernel },
          known: {
            ...flags.size,
            ...(layout !== undefined && { layout }),
            ...(inputName !== undefined && { input: inputName }),
            ...(outputName !== undefined && { output: outputName }),
            ...(dimensions !== undefined && { dimensions }),
          },
          replace: flags.replace === true,
          command: `kindred ${process.argv.slice(2).join(' ')}`,
        },
        configOf(command),
      )
      const { model, folder, manifest } = bundle
      const { onnx, embedding } = manifest
      process.stdout.write(
        json
          ? `${JSON.stringify({ model, folder, input: manifest.input, onnx, embedding })}\n`
          : `${model} is in ${folder}: ${manifest.input.width} x ${manifest.input.height} px to ${embedding.dimensions} values\n`,
      )
    })
}

function numbers(text: string): [number, number, number] {
  const values = text.split(',').map((part) => (part.trim() === '' ? NaN : Number(part)))
  const [red = NaN, green = values.length === 1 ? red : NaN, blue = values.length === 1 ? red : NaN] = values
  if (values.length > 3 || ![red, green, blue].every(Number.isFinite)) {
    throw new InvalidArgumentError('expected one number or three, such as 0.485,0.456,0.406')
  }
  return [red, green, blue]
}

function deviations(text: string): [number, number, number] {
  const values = numbers(text)
  if (values.some((value) => value <= 0)) throw new InvalidArgumentError('expected numbers above 0')
  return values
}

function size(text: string): { width: number; height: number } {
  const [, width, height = width] = /^(\d{1,4})(?:x(\d{1,4}))?$/.exec(text) ?? []
  const sides = { width: Number(width), height: Number(height) }
  if (!(sides.width > 0 && sides.height > 0)) {
    throw new InvalidArgumentError('expected a side such as 224, or WIDTHxHEIGHT')
  }
  return sides
}
