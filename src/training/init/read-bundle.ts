import { existsSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { loadBundle } from '../../bundles/load-bundle.js'
import { locate } from '../../bundles/locate.js'
import { isBundleName } from '../../bundles/names.js'
import { settings } from '../../config.js'
import { KindredError } from '../../errors.js'
import { weightsFile } from '../../networks/onnx/export-onnx.js'
import { readSafetensors } from '../../networks/safetensors.js'
import type { Init } from './init.js'

/**
 * A model bundle, by its folder or, where no folder is called so, by its name in the folder of bundles.
 *
 * @param asked backbone that the settings name
 * @throws KindredError MODEL_NOT_FOUND, MODEL_CORRUPT; INVALID_SETTING for an imported network, which nothing can train
 */
export async function readBundle(init: string, asked: string | null): Promise<Init> {
  const isName = isBundleName(init) && !existsSync(locate(init))
  const { folder, manifest, model } = await loadBundle(
    isName ? path.join(settings.models.default, init) : init,
  )
  const { architecture, input, licence } = manifest
  if (architecture.backbone === 'onnx') {
    throw new KindredError(
      'INVALID_SETTING',
      `${model} was imported from an ONNX file: it embeds, and cannot be trained further`,
      {
        hint: 'Start from models/imagenet, a bundle that kindred trained, or a .safetensors file of a known backbone.',
      },
    )
  }
  const { tensors } = readSafetensors(await readFile(path.join(folder, weightsFile)))
  return {
    name: model,
    backbone: asked ?? architecture.backbone,
    architecture,
    transform: input,
    weights: tensors,
    notices: licence.notices,
  }
}
