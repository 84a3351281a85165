import { buildsFolder, findBuild } from './build.js'
import type { Environment } from './cache-folder.js'
import type { Flavour } from './flavour.js'
import { TENSORFLOW_VERSION } from './pins.js'
import type { SetupResult } from './set-up.js'

export type TensorflowStatus =
  | { readonly state: 'missing'; readonly folder: string }
  | {
      readonly state: 'built'
      readonly folder: string
      readonly flavour: Flavour
      /** Version of libtensorflow. */
      readonly version: string
      /** Size on disk. */
      readonly bytes: number
    }

/** What the set-up has built on this machine; loads nothing. */
export function tensorflowStatus(env: Environment = process.env): TensorflowStatus {
  const found = findBuild(env)
  if (!found) return { state: 'missing', folder: buildsFolder(env) }
  const { flavour, source, bytes } = found.build
  const version = source === 'wheel' ? TENSORFLOW_VERSION : "chosen by the package's installer"
  return { state: 'built', folder: found.folder, flavour, version, bytes }
}

/** "TensorFlow 2.21.0 (cpu) is ready in FOLDER (690 MB, built in 52 s)". */
export function describeSetup({ folder, build, reused }: SetupResult): string {
  const version = build.source === 'wheel' ? `TensorFlow ${TENSORFLOW_VERSION}` : 'TensorFlow'
  const size = `${Math.round(build.bytes / 1e6)} MB`
  return `${version} (${build.flavour}) is ready in ${folder} (${size}${reused ? '' : `, built in ${build.seconds} s`})`
}
