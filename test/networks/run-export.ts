import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import '../../src/embedding/no-telemetry.js'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import { expect } from 'vitest'
import { weightsFile, type OnnxExport } from '../../src/networks/onnx/export-onnx.js'
import { tf } from '../../src/tensors/tensorflow.js'

/** Embeddings of the exported network, from files as a bundle holds them. */
export async function runExport(
  { model, weights, onnx, dimensions }: OnnxExport,
  images: tf.Tensor4D,
): Promise<Float32Array[]> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'kindred-onnx-'))
  try {
    writeFileSync(path.join(folder, 'model.onnx'), model)
    writeFileSync(path.join(folder, weightsFile), weights)
    const session = await InferenceSession.create(path.join(folder, 'model.onnx'))
    const nchw = tf.transpose(images, [0, 3, 1, 2])
    const input = new Tensor('float32', Float32Array.from(nchw.dataSync()), nchw.shape)
    const { [onnx.output]: output } = await session.run({ [onnx.input]: input })
    if (output === undefined || !(output.data instanceof Float32Array)) throw new Error('no embeddings')
    expect(output.dims).toEqual([images.shape[0], dimensions])
    const rows = split(output.data, dimensions)
    await session.release()
    return rows
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Rows of a matrix. */
export const split = (values: Float32Array, dimensions: number): Float32Array[] =>
  Array.from({ length: values.length / dimensions }, (_, row) =>
    values.slice(row * dimensions, (row + 1) * dimensions),
  )
