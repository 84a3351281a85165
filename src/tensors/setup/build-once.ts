import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { KindredError } from '../../errors.js'
import { bindingFile, librariesFolder, readBuild, stampFile, type TensorflowBuild } from './build.js'
import { folderBytes } from './folder-bytes.js'
import { isAlive, withLock } from './lock.js'

/**
 * Makes a build in a folder beside its place and moves it there when it is whole and stamped, so that an interrupted
 * run leaves nothing that looks finished. Of several processes one builds and the others wait for it.
 *
 * @param target the build's folder
 * @param make fills the folder it is given, and throws unless what it made works
 */
export async function buildOnce(
  target: string,
  make: (folder: string) => Promise<Pick<TensorflowBuild, 'flavour' | 'source'>>,
  onWait: () => void,
): Promise<TensorflowBuild> {
  await mkdir(path.dirname(target), { recursive: true })
  const build = async (): Promise<TensorflowBuild> => {
    const finished = readBuild(target)
    if (finished) return finished
    await removeLeftovers(target)
    const folder = `${target}.building-${process.pid}`
    await mkdir(folder)
    try {
      const started = performance.now()
      const made = await make(folder)
      const stamp: TensorflowBuild = {
        ...made,
        bytes: await folderBytes(folder),
        seconds: Math.round((performance.now() - started) / 1000),
        files: await nativeFiles(folder),
      }
      await writeFile(stampFile(folder), `${JSON.stringify(stamp, null, 2)}\n`)
      return await publish(folder, target)
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  }
  return withLock(`${target}.lock`, build, onWait)
}

/** Moves the build to its place, unless another process was quicker; then the other's is used. */
async function publish(folder: string, target: string): Promise<TensorflowBuild> {
  if (!readBuild(target)) await rm(target, { recursive: true, force: true })
  try {
    await rename(folder, target)
  } catch (cause) {
    if (!readBuild(target))
      throw new KindredError('TENSORFLOW_SETUP', `The build cannot be moved to ${target}`, { cause })
  }
  const build = readBuild(target)
  if (!build) throw new KindredError('TENSORFLOW_SETUP', `The build in ${target} is not whole`)
  return build
}

/** What processes that were killed while they built have left. */
async function removeLeftovers(target: string): Promise<void> {
  const beside = path.dirname(target)
  const prefix = `${path.basename(target)}.building-`
  for (const name of await readdir(beside)) {
    if (!name.startsWith(prefix)) continue
    const pid = Number(name.slice(prefix.length))
    if (pid === process.pid || !isAlive(pid))
      await rm(path.join(beside, name), { recursive: true, force: true })
  }
}

async function nativeFiles(folder: string): Promise<Record<string, number>> {
  const libraries = librariesFolder(folder)
  const names = existsSync(libraries) ? await readdir(libraries) : []
  const files = [bindingFile(folder), ...names.map((name) => path.join(libraries, name))]
  const sizes = await Promise.all(
    files.map(async (file) => [path.relative(folder, file), (await stat(file)).size] as const),
  )
  return Object.fromEntries(sizes)
}
