import { mkdir } from 'node:fs/promises'
import path from 'node:path'
import { bindingFile, packageFolder } from './build.js'
import { NAPI_VERSION } from './pins.js'
import { runCommand, type CommandContext } from './run-command.js'

/**
 * The compiler's arguments for the package's two sources. The package describes the same build for node-gyp, which
 * would also need make and a download of Node's headers; with Node-API's headers from npm one call of the compiler does.
 */
export function compilerArguments(folder: string, platform: NodeJS.Platform): string[] {
  const root = packageFolder(folder)
  const inPackage = (...parts: string[]): string => path.join(root, ...parts)
  const library = (name: string): string =>
    inPackage('deps', 'lib', platform === 'darwin' ? `${name}.2.dylib` : `${name}.so.2`)
  const origin = platform === 'darwin' ? '@loader_path' : '$ORIGIN'
  return [
    ...['-std=c++17', '-O2', '-fPIC', `-DNAPI_VERSION=${NAPI_VERSION}`],
    ...(platform === 'darwin' ? ['-bundle', '-undefined', 'dynamic_lookup'] : ['-shared']),
    `-I${path.join(folder, 'node_modules', 'node-api-headers', 'include')}`,
    `-I${inPackage('deps', 'include')}`,
    inPackage('binding', 'tfjs_backend.cc'),
    inPackage('binding', 'tfjs_binding.cc'),
    library('libtensorflow_cc'),
    library('libtensorflow_framework'),
    `-Wl,-rpath,${origin}/../../deps/lib`,
    ...['-o', bindingFile(folder)],
  ]
}

export async function compileBinding(
  compiler: string,
  folder: string,
  context: CommandContext,
): Promise<void> {
  await mkdir(path.dirname(bindingFile(folder)), { recursive: true })
  await runCommand(compiler, compilerArguments(folder, process.platform), context)
}
