import { readFile } from 'node:fs/promises'
import { importPublished, recognisePublished } from '../../networks/published/import-published.js'
import { readSafetensors } from '../../networks/safetensors.js'
import { imageNetTransform, plainTransform, type Init } from './init.js'

/**
 * A safetensors file in our names, or in those that timm publishes MobileNetV2 and ResNet-50 under.
 *
 * @param name of the file, for the card
 * @param asked backbone that the settings name
 * @throws KindredError WEIGHTS_INVALID
 */
export async function readWeightsFile(file: string, name: string, asked: string | null): Promise<Init> {
  const { tensors, metadata } = readSafetensors(await readFile(file))
  const { architecture, license, source } = metadata
  const notices = [license, source].filter((part) => part !== undefined)
  const facts = {
    name,
    architecture: null,
    notices: notices.length === 0 ? [] : [`Initial weights ${name}: ${notices.join(', ')}`],
  }
  if (recognisePublished(tensors) !== null) {
    const { backbone, weights } = importPublished(tensors, asked)
    return { ...facts, backbone, weights, transform: imageNetTransform }
  }
  // mobilenet_v2_1.0 in a header is the registry's mobilenet-v2-1.0.
  const backbone = asked ?? architecture?.replaceAll('_', '-') ?? null
  return { ...facts, backbone, weights: tensors, transform: plainTransform }
}
