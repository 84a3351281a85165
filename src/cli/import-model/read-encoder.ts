import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { cardFile, manifestFile, networkFile } from '../../bundles/bundle.js'
import { isBundleFileName } from '../../bundles/names.js'
import { KindredError } from '../../errors.js'
import { findEncoder, type Encoder } from '../../networks/onnx/find-encoder.js'
import { readOnnx } from '../../networks/onnx/read-onnx.js'

/** An image encoder and the files of a bundle that holds it. */
export interface EncoderFiles {
  readonly encoder: Encoder
  /** Contents by name: `model.onnx`, and the files that hold its tensors. */
  readonly files: Readonly<Record<string, Uint8Array>>
}

/** Node reads no larger file at once, and protobuf has no larger message. */
const maxFileBytes = 2 ** 31 - 1

/**
 * Reads an ONNX file and the files beside it that hold its tensors ("external data").
 *
 * @param known what the caller knows of the encoder
 * @throws KindredError MODEL_UNSUITABLE; INVALID_ARGUMENT for a file that cannot be read, or what must be told
 */
export async function readEncoder(file: string, known: Partial<Encoder>): Promise<EncoderFiles> {
  const model = await readWhole(file, 'The ONNX file')
  const graph = readOnnx(model)
  const encoder = findEncoder(graph, known)
  const files: Record<string, Uint8Array> = { [networkFile]: model }
  for (const name of graph.external) {
    if (!isBundleFileName(name) || [networkFile, manifestFile, cardFile].includes(name)) {
      throw new KindredError(
        'MODEL_UNSUITABLE',
        `The graph keeps tensors in ${JSON.stringify(name)}; kindred takes files of plain names beside it`,
        {
          hint: 'Save it with its tensors inside: onnx.save_model(model, file, save_as_external_data=False)',
        },
      )
    }
    files[name] = await readWhole(
      path.join(path.dirname(file), name),
      `The tensors of ${path.basename(file)}`,
    )
  }
  return { encoder, files }
}

async function readWhole(file: string, what: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(file)
    if (size > maxFileBytes) {
      throw new KindredError('MODEL_UNSUITABLE', `${file} has ${size} bytes; kindred takes ${maxFileBytes}`)
    }
    return await readFile(file)
  } catch (cause) {
    if (cause instanceof KindredError) throw cause
    throw new KindredError('INVALID_ARGUMENT', `${what} cannot be read from ${file}`, { cause })
  }
}
