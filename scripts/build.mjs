// Builds dist/ when a source is newer than the last build; does nothing otherwise, or where the compiler is not
// installed (a production install of a checkout). Plain JavaScript, because it runs before anything is built.
import { spawnSync } from 'node:child_process'
import { chmodSync, existsSync, readdirSync, statSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const compiler = path.join(root, 'node_modules/typescript/bin/tsc')
const entry = path.join(root, 'dist/cli/main.js')

const newest = (...places) =>
  Math.max(
    ...places
      .map((place) => path.join(root, place))
      .flatMap((place) =>
        statSync(place).isDirectory()
          ? readdirSync(place, { recursive: true }).map((name) => path.join(place, name))
          : [place],
      )
      .map((file) => statSync(file).mtimeMs),
  )

/** Whether dist/ is older than what it is made from. */
export function isStale() {
  const stamp = path.join(root, 'dist/.tsbuildinfo')
  if (!existsSync(entry) || !existsSync(stamp)) return true
  return newest('src', 'package.json', 'tsconfig.json', 'tsconfig.build.json') > statSync(stamp).mtimeMs
}

/** @returns the compiler's exit code, 0 where there was nothing to do */
export function buildIfStale() {
  if (!existsSync(compiler) || !isStale()) return 0
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status === 0) chmodSync(entry, 0o755)
  return status ?? 1
}

if (process.argv[1] === import.meta.filename) process.exit(buildIfStale())
