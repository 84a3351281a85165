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

/** Whether a file of dist/ is missing, or older than what it is made from. */
const isOlder = (file, ...sources) => {
  const made = path.join(root, file)
  return !existsSync(made) || newest(...sources) > statSync(made).mtimeMs
}

const programIsStale = () =>
  !existsSync(entry) ||
  isOlder('dist/.tsbuildinfo', 'src', 'package.json', 'tsconfig.json', 'tsconfig.build.json')
const pageIsStale = () =>
  isOlder('dist/web/index.html', 'src/web', 'src/client', 'package.json', 'scripts/build-web.mjs')

function buildProgram() {
  const { status } = spawnSync(process.execPath, [compiler, '-p', 'tsconfig.build.json'], {
    cwd: root,
    stdio: 'inherit',
  })
  if (status === 0) chmodSync(entry, 0o755)
  return status ?? 1
}

/** @returns an exit code, 0 where all went well or there was nothing to do */
export async function buildIfStale() {
  if (!existsSync(compiler)) return 0
  const status = programIsStale() ? buildProgram() : 0
  if (status !== 0 || !pageIsStale()) return status
  const { buildWeb } = await import('./build-web.mjs')
  await buildWeb()
  return 0
}

if (process.argv[1] === import.meta.filename) process.exit(await buildIfStale())
