import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import {
  bindingFile,
  buildKey,
  buildsFolder,
  librariesFolder,
  stampFile,
  type TensorflowBuild,
} from '../../../src/tensors/setup/build.js'
import type { Environment } from '../../../src/tensors/setup/cache-folder.js'
import type { Flavour } from '../../../src/tensors/setup/flavour.js'

/** Puts the files of a build into a folder; their content is no library. */
export async function fillFakeBuild(folder: string): Promise<void> {
  await mkdir(librariesFolder(folder), { recursive: true })
  await mkdir(path.dirname(bindingFile(folder)), { recursive: true })
  await writeFile(path.join(librariesFolder(folder), 'libtensorflow_cc.so.2'), 'library')
  await writeFile(bindingFile(folder), 'binding')
}

/** A build in its place in the cache. */
export async function fakeBuild(
  env: Environment,
  flavour: Flavour,
  { stamped = true } = {},
): Promise<string> {
  const target = { flavour, platform: process.platform, arch: process.arch }
  const folder = path.join(buildsFolder(env), buildKey(target))
  await fillFakeBuild(folder)
  const library = path.relative(folder, path.join(librariesFolder(folder), 'libtensorflow_cc.so.2'))
  const stamp: TensorflowBuild = {
    flavour,
    source: 'wheel',
    bytes: 14,
    seconds: 1,
    files: { [library]: 7, [path.relative(folder, bindingFile(folder))]: 7 },
  }
  if (stamped) await writeFile(stampFile(folder), JSON.stringify(stamp))
  return folder
}
