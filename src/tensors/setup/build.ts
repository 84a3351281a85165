import { readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { cacheFolder, type Environment } from './cache-folder.js'
import { allowedFlavours, type Flavour } from './flavour.js'
import { BINDING_PATCH, NAPI_VERSION, TENSORFLOW_VERSION, TFJS_PACKAGE, TFJS_VERSION } from './pins.js'

/** What a build must fit. Not Node's version: Node-API is stable across those. */
export interface BuildTarget {
  readonly flavour: Flavour
  readonly platform: NodeJS.Platform
  readonly arch: string
}

/** A finished build: what the stamp in its folder says. */
export interface TensorflowBuild {
  readonly flavour: Flavour
  /** Where libtensorflow came from: pip's wheel, or the npm package's own installer. */
  readonly source: 'wheel' | 'package-installer'
  /** Size on disk. */
  readonly bytes: number
  /** How long it took. */
  readonly seconds: number
  /** The native libraries, by path below the build's folder, with their sizes in bytes. */
  readonly files: Readonly<Record<string, number>>
}

/** Folder of all builds. */
export const buildsFolder = (env: Environment): string => path.join(cacheFolder(env), 'tensorflow')

/** Name of a build's folder: everything it depends on. */
export function buildKey({ flavour, platform, arch }: BuildTarget): string {
  return `tfjs-${TFJS_VERSION}-tensorflow-${TENSORFLOW_VERSION}-${flavour}-${platform}-${arch}-napi-${NAPI_VERSION}-${BINDING_PATCH}`
}

export const stampFile = (folder: string): string => path.join(folder, 'stamp.json')
export const packageFolder = (folder: string): string => path.join(folder, 'node_modules', TFJS_PACKAGE)
export const librariesFolder = (folder: string): string => path.join(packageFolder(folder), 'deps', 'lib')
export const bindingFile = (folder: string): string =>
  path.join(packageFolder(folder), 'lib', `napi-v${NAPI_VERSION}`, 'tfjs_binding.node')

/** The finished build in this folder; undefined where there is none, or one that was cut off or damaged. */
export function readBuild(folder: string): TensorflowBuild | undefined {
  try {
    const stamp: unknown = JSON.parse(readFileSync(stampFile(folder), 'utf8'))
    if (!isBuild(stamp)) return undefined
    const whole = Object.entries(stamp.files).every(
      ([file, bytes]) => statSync(path.join(folder, file), { throwIfNoEntry: false })?.size === bytes,
    )
    return whole ? stamp : undefined
  } catch {
    return undefined // no stamp, or no readable one: not finished
  }
}

/**
 * The finished build this machine would use: the one with CUDA where both are there.
 *
 * @throws KindredError INVALID_SETTING for a KINDRED_TENSORFLOW that means nothing
 */
export function findBuild(
  env: Environment,
): { readonly folder: string; readonly build: TensorflowBuild } | undefined {
  for (const flavour of allowedFlavours(env)) {
    const target = { flavour, platform: process.platform, arch: process.arch }
    const folder = path.join(buildsFolder(env), buildKey(target))
    const build = readBuild(folder)
    if (build) return { folder, build }
  }
  return undefined
}

function isBuild(value: unknown): value is TensorflowBuild {
  if (typeof value !== 'object' || value === null) return false
  const stamp = value as Record<keyof TensorflowBuild, unknown>
  return (
    (stamp.flavour === 'cpu' || stamp.flavour === 'cuda') &&
    (stamp.source === 'wheel' || stamp.source === 'package-installer') &&
    typeof stamp.bytes === 'number' &&
    typeof stamp.seconds === 'number' &&
    typeof stamp.files === 'object' &&
    stamp.files !== null &&
    Object.values(stamp.files).every((bytes) => typeof bytes === 'number')
  )
}
