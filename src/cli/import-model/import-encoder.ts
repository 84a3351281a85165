import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Bundle } from '../../bundles/bundle.js'
import { digestBytes } from '../../bundles/file-digest.js'
import { isBundleName } from '../../bundles/names.js'
import { writeBundle } from '../../bundles/write-bundle.js'
import type { Config } from '../../config.js'
import { expected, KindredError } from '../../errors.js'
import type { InputTransform } from '../../images/input-transform.js'
import type { Encoder } from '../../networks/onnx/find-encoder.js'
import { renderImportedCard } from './card.js'
import { checkEncoder } from './check-encoder.js'
import { readEncoder } from './read-encoder.js'

export interface ImportRequest {
  /** The .onnx file. */
  readonly file: string
  /** Of the bundle; its last part is the name. */
  readonly folder: string
  readonly description: string
  readonly licence: { readonly spdx: string; readonly notices: readonly string[] }
  readonly preparation: Pick<InputTransform, 'mean' | 'std' | 'fit' | 'kernel'>
  /** What is known of the graph beyond what it says. */
  readonly known: Partial<Encoder>
  /** Whether a bundle of this name may be replaced. */
  readonly replace: boolean
  /** As it was typed, for the card. */
  readonly command: string
}

/**
 * Makes a model bundle of an ONNX image encoder, once ONNX Runtime has shown to embed pictures with it.
 *
 * @throws KindredError MODEL_UNSUITABLE, EMBEDDER_FAILED, INVALID_ARGUMENT; nothing is written then
 */
export async function importEncoder(request: ImportRequest, config: Config): Promise<Bundle> {
  const { file, description, licence, preparation, known } = request
  const folder = path.resolve(request.folder)
  const name = path.basename(folder)
  if (!isBundleName(name)) throw expected('a name like [a-z0-9][a-z0-9_-]{0,62}', '--output', name)
  if (existsSync(folder) && !request.replace) {
    throw new KindredError('INVALID_ARGUMENT', `There is a model in ${folder} already`, {
      hint: 'Take another --output, or replace it with --replace.',
    })
  }
  const { encoder, files } = await readEncoder(file, known)
  const { width, height, layout, dimensions, input, output } = encoder
  const manifest = {
    name,
    description,
    createdAt: new Date().toISOString(),
    // The graph's inside is its own affair: what it gives is the embedding.
    architecture: { backbone: 'onnx', pooling: 'gap', head: null },
    input: { width, height, layout, ...preparation },
    embedding: { dimensions },
    onnx: { input, output },
    training: null,
    data: [],
    metrics: {},
    heldOut: [],
    licence,
  } as const
  const source = {
    file: path.basename(file),
    sha256: digestBytes(files['model.onnx'] ?? new Uint8Array()).sha256,
  }
  const card = renderImportedCard(manifest, source, request.command)
  const beside = path.dirname(folder)
  await mkdir(beside, { recursive: true })
  // Beside the bundle, because a network may be larger than what the temporary folder can hold.
  const rehearsal = await mkdtemp(path.join(beside, `.${name}.import-`))
  try {
    await checkEncoder(await writeBundle(path.join(rehearsal, name), manifest, files, card), config)
  } finally {
    await rm(rehearsal, { recursive: true, force: true })
  }
  return writeBundle(folder, manifest, files, card)
}
