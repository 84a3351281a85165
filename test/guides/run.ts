import { spawn, type ChildProcess } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { text } from 'node:stream/consumers'
import { missingLine, readGuide, type Example } from './read-guide.js'

/*
 * Runs every example of docs/guides as a newcomer would: in order, in a checkout of its own (links to this one, but with an
 * empty index/), beside a server that `npm start` would have started.
 *
 *     npm run test:guides                 # all of them
 *     npm run test:guides -- train        # one
 */
const root = path.resolve(import.meta.dirname, '../..')
const guides = path.join(root, 'docs/guides')
/** In the order in which they may build on each other. */
const order = ['search', 'catalogue', 'benchmark', 'train']
/** What the pages call the server. */
const shownUrl = 'http://127.0.0.1:8080'
const exampleMs = 240_000
/** A newcomer sees when curl prints a problem; here it has to fail. */
const strictCurl = 'curl() { command curl --fail-with-body "$@"; }\n'

const [only] = process.argv.slice(2)
const forgotten = readdirSync(guides).filter((file) => !order.includes(path.basename(file, '.md')))
if (forgotten.length > 0) throw new Error(`${forgotten.join(', ')} would never be run: see order`)
const checkout = makeCheckout()
let server: ChildProcess | undefined
try {
  const started = await startServer()
  server = started.child
  for (const name of order.filter((one) => only === undefined || one === only)) {
    const page = `docs/guides/${name}.md`
    for (const example of readGuide(readFileSync(path.join(guides, `${name}.md`), 'utf8'))) {
      const began = performance.now()
      const { code, output } = await runExample(example, started.url)
      const place = `${page}:${example.line}`
      const refused = example.prints.some((line) => line.includes('"code":'))
      if ((code !== 0) !== refused) fail(`${place} ended with ${code ?? 'a signal'}`, example, output)
      const missing = missingLine(example.prints, output)
      if (missing !== null) fail(`${place} does not print: ${missing}`, example, output)
      console.log(`${place} ran in ${((performance.now() - began) / 1000).toFixed(1)} s`)
    }
  }
} finally {
  if (server?.exitCode === null) {
    server.kill('SIGTERM')
    await new Promise((resolve) => server?.once('exit', resolve))
  }
  rmSync(checkout, { recursive: true, force: true })
}

/** Nothing that an example writes lands in the real checkout. */
function makeCheckout(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'kindred-guides-'))
  for (const entry of ['package.json', 'node_modules', 'dist', 'docs', 'scripts', 'src', 'openapi.yaml']) {
    symlinkSync(path.join(root, entry), path.join(folder, entry))
  }
  for (const kept of ['index', 'models']) mkdirSync(path.join(folder, kept))
  for (const model of readdirSync(path.join(root, 'models'))) {
    symlinkSync(path.join(root, 'models', model), path.join(folder, 'models', model))
  }
  return folder
}

async function startServer(): Promise<{ child: ChildProcess; url: string }> {
  const command = ['dist/cli/main.js', 'serve', '--demo', '--json', '--port', '0', '--log-level', 'warn']
  const child = spawn(process.execPath, command, { cwd: checkout, stdio: ['ignore', 'pipe', 'inherit'] })
  for await (const line of createInterface(child.stdout)) {
    return { child, url: (JSON.parse(line) as { url: string }).url }
  }
  throw new Error('the server did not start')
}

async function runExample(
  { language, code }: Example,
  url: string,
): Promise<{ code: number | null; output: string }> {
  const command = language === 'sh' ? ['bash', '-euo', 'pipefail'] : [process.execPath, '--input-type=module']
  const [program = '', ...args] = command
  const child = spawn(program, args, { cwd: checkout, timeout: exampleMs, env: { ...process.env, CI: '1' } })
  child.stdin.end((language === 'sh' ? strictCurl : '') + code.replaceAll(shownUrl, url))
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { code: await ended, output: out + error }
}

function fail(message: string, { code }: Example, output: string): never {
  throw new Error(`${message}\n--- the example\n${code}\n--- what it printed\n${output}`)
}
