import { existsSync } from 'node:fs'
import { readdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { packageFolder } from './build.js'
import type { Environment } from './cache-folder.js'
import { NODE_API_HEADERS, TFJS_PACKAGE, TFJS_VERSION } from './pins.js'
import { runCommand, type CommandContext } from './run-command.js'

/** Installs tfjs and Node-API's headers into the folder, running no package's own installer. */
export async function installPackage(folder: string, context: CommandContext): Promise<void> {
  await writeFile(path.join(folder, 'package.json'), '{ "private": true }\n')
  const [command, ...first] = npmCommand(context.env)
  const flags = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error']
  const packages = [`${TFJS_PACKAGE}@${TFJS_VERSION}`, NODE_API_HEADERS]
  await runCommand(command, [...first, 'install', '--prefix', folder, ...flags, ...packages], context)
  await modernise(path.join(packageFolder(folder), 'dist'))
}

/** The npm that runs this program, else the one beside node, else the one on the path. */
function npmCommand(env: Environment): [string, ...string[]] {
  const beside = path.resolve(path.dirname(process.execPath), '../lib/node_modules/npm/bin/npm-cli.js')
  const running = env['npm_execpath']
  const script = [running, beside].find(
    (file) => file !== undefined && path.basename(file) === 'npm-cli.js' && existsSync(file),
  )
  return script ? [process.execPath, script] : [process.platform === 'win32' ? 'npm.cmd' : 'npm']
}

/**
 * tfjs-node 4.22 calls two functions of `node:util` that Node 22 warns about (DEP0044, DEP0051) and Node 23 lacks.
 * The calls are replaced by what they did.
 */
async function modernise(dist: string): Promise<void> {
  for (const name of await readdir(dist, { recursive: true })) {
    if (!name.endsWith('.js')) continue
    const file = path.join(dist, name)
    const before = await readFile(file, 'utf8')
    const after = modernised(before)
    if (after !== before) await writeFile(file, after)
  }
}

export function modernised(source: string): string {
  return source
    .replaceAll(/\(0, \w+\.isNullOrUndefined\)\(/g, '(function (value) { return value == null; })(')
    .replaceAll(/\(0, util_1\.isArray\)\(/g, 'Array.isArray(')
}

/** Removes what only other platforms and builders read: source maps, type declarations, browser bundles, headers. */
export async function trimPackage(folder: string): Promise<void> {
  const scope = path.join(folder, 'node_modules', '@tensorflow')
  for (const name of await readdir(scope, { recursive: true })) {
    if (/\.(map|d\.ts)$|\.(es2017|fesm|min)\.(min\.)?js$/.test(name)) await rm(path.join(scope, name))
  }
  await rm(path.join(folder, 'node_modules', 'node-api-headers'), { recursive: true })
  await rm(path.join(packageFolder(folder), 'deps', 'include'), { recursive: true, force: true })
}
