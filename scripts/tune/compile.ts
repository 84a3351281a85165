import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { homedir } from 'node:os'
import path from 'node:path'
import { findPrerequisites, describeMissing } from '../../src/tensors/setup/prerequisites.js'

/** What makes the compiler use all that this processor has. GCC and Clang name it so on x86 and on ARM. */
export const tuning = `-O3 ${process.arch === 'arm64' ? '-mcpu' : '-march'}=native`

/** Compiles the binding into a file. @param root of hnswlib-node @throws Error that says what is missing or went wrong */
export async function compile(root: string, file: string): Promise<void> {
  if (process.platform === 'win32') throw new Error('This works with GCC and Clang, on Linux and macOS')
  const { compiler } = await findPrerequisites(process.env)
  if (compiler === undefined) throw new Error(describeMissing(['compiler'], process.platform))
  const nodeAddonApi = path.dirname(createRequire(path.join(root, 'package.json')).resolve('node-addon-api'))
  const { status, error, stderr } = spawnSync(
    compiler,
    [
      ...['-std=c++17', '-fPIC', ...tuning.split(' ')],
      ...(process.platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared']),
      ...['-DNAPI_DISABLE_CPP_EXCEPTIONS', '-DBUILDING_NODE_EXTENSION', `-DKINDRED_TUNING="${tuning}"`],
      ...[`-I${path.join(root, 'src')}`, `-I${nodeAddonApi}`, `-I${nodeHeaders(root)}`],
      path.join(import.meta.dirname, 'tuned-binding.cc'),
      ...['-o', file],
    ],
    { encoding: 'utf8' },
  )
  if (status !== 0)
    throw new Error(`${compiler} failed:\n${error?.message ?? stderr.split('\n').slice(0, 15).join('\n')}`)
}

/** Node's headers: where the binding's own build found them, beside node, or where node-gyp keeps them. */
function nodeHeaders(root: string): string {
  const config = path.join(root, 'build', 'config.gypi')
  const said = existsSync(config)
    ? /"nodedir":\s*"([^"]+)"/.exec(readFileSync(config, 'utf8'))?.[1]
    : undefined
  const places = [
    ...(said === undefined ? [] : [path.join(said, 'include', 'node')]),
    path.resolve(path.dirname(process.execPath), '../include/node'),
    path.join(homedir(), '.cache', 'node-gyp', process.versions.node, 'include', 'node'),
    path.join(homedir(), 'Library', 'Caches', 'node-gyp', process.versions.node, 'include', 'node'),
  ]
  const found = places.find((place) => existsSync(path.join(place, 'node_api.h')))
  if (found === undefined) throw new Error(`Node's headers are in none of ${places.join(', ')}`)
  return found
}
