import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { readSafetensorsHeader } from '../../networks/safetensors-header.js'
import { cacheFolder } from '../../tensors/setup/cache-folder.js'
import { fetchFile, fileNameOf, isUrl, type FetchOptions } from './fetch-file.js'
import { plainTransform, type Init } from './init.js'
import { readBundle } from './read-bundle.js'
import { readWeightsFile } from './read-weights-file.js'

/** Limits of a download, and who is told of it. */
export type Fetching = Omit<FetchOptions, 'folder' | 'check'>

/**
 * Reads what `init` names: `random`, the http(s) address of a safetensors file, such a file, or a bundle by folder or
 * name.
 *
 * @param asked backbone that the settings name
 * @throws KindredError MODEL_NOT_FOUND, MODEL_CORRUPT, WEIGHTS_INVALID, DOWNLOAD_FAILED, INVALID_SETTING
 */
export async function readInit(init: string, asked: string | null, fetching: Fetching): Promise<Init> {
  if (init === 'random') {
    const nothing = { architecture: null, weights: undefined, notices: [] }
    return { name: 'random', backbone: asked, transform: plainTransform, ...nothing }
  }
  if (isUrl(init)) return readFetched(init, asked, fetching)
  const isFile = await stat(init).then(
    (found) => found.isFile(),
    () => false,
  )
  return isFile ? readWeightsFile(init, path.basename(init), asked) : readBundle(init, asked)
}

async function readFetched(url: string, asked: string | null, fetching: Fetching): Promise<Init> {
  const folder = path.join(cacheFolder(), 'weights')
  const file = await fetchFile(url, { ...fetching, folder, check: checkSafetensors })
  return readWeightsFile(file, fileNameOf(url), asked)
}

/** A server may answer "200 OK" with a page that says no; kept, it would fail every later run. */
async function checkSafetensors(file: string): Promise<void> {
  readSafetensorsHeader(await readFile(file))
}
