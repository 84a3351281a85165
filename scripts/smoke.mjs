// What a newcomer does, against the built program: `npm start`, paste the line it prints, stop, start again; then the
// command line. Everything lies in a temporary folder and listens on a free loopback port.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import assert from 'node:assert/strict'

const root = path.resolve(import.meta.dirname, '..')
const store = mkdtempSync(path.join(tmpdir(), 'kindred-smoke-'))
const startDeadlineMs = 180_000
const children = []

/** Starts what `npm start` starts and waits for the line to paste. */
async function start() {
  const began = performance.now()
  const flags = ['--port', '0', '--store', store, '--log-level', 'warn']
  // What npm runs, without npm in between: it would not hand the exit code on when it is told to stop.
  const child = spawn(process.execPath, ['scripts/start.mjs', ...flags], { cwd: root })
  children.push(child)
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += String(chunk)))
  const exited = new Promise((resolve) => child.once('exit', resolve))
  const curl = await new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`no line to paste after ${startDeadlineMs} ms:\n${output}`)),
      startDeadlineMs,
    )
    const look = () => {
      const found = /^try it: (.+)$/m.exec(output)
      if (found === null) return
      clearTimeout(timer)
      resolve(found[1])
    }
    child.stdout.on('data', look)
    void exited.then((code) => reject(new Error(`npm start ended with ${code}:\n${output}`)))
  })
  return {
    curl,
    output: () => output,
    seconds: (performance.now() - began) / 1000,
    async stop() {
      child.kill('SIGTERM')
      assert.equal(await exited, 0, `npm start did not stop cleanly:\n${output}`)
    },
  }
}

function paste(line) {
  const { status, stdout, stderr } = spawnSync('sh', ['-c', line], { encoding: 'utf8' })
  assert.equal(status, 0, stderr)
  return JSON.parse(stdout)
}

function kindred(...args) {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['dist/cli/main.js', ...args], {
    cwd: root,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

try {
  const first = await start()
  const answer = paste(first.curl)
  const picture = /image=@'([^']+)'/.exec(first.curl)?.[1] ?? ''
  const product = path.basename(path.dirname(picture))
  assert.equal(answer.results.length, 5)
  assert.ok(
    answer.results.some(({ group }) => group === product),
    `${product} is not among the five answers: ${JSON.stringify(answer.results)}`,
  )
  const { origin } = new URL(first.curl.split(' ').at(-1))
  const page = await (await fetch(origin)).text()
  const script = /src="(assets\/[^"]+\.js)"/.exec(page)?.[1]
  assert.equal((await fetch(`${origin}/${script}`)).status, 200, `the page at / is not whole:\n${page}`)
  const remote = kindred('search', picture, '--collection', 'demo', '--url', origin, '--json')
  assert.equal(remote.status, 0, remote.stderr)
  const locked = kindred('search', picture, '--collection', 'demo', '--store', store)
  assert.equal(locked.status, 1)
  assert.match(locked.stderr, /--url/)
  await first.stop()
  console.log(`first start answered after ${first.seconds.toFixed(1)} s`)

  const second = await start()
  assert.doesNotMatch(second.output(), /drawing|indexing/, 'the second start made the demo again')
  assert.deepEqual(paste(second.curl).results, answer.results, 'the second start answers otherwise')
  await second.stop()
  console.log(`second start answered after ${second.seconds.toFixed(1)} s`)

  const local = kindred('search', picture, '--collection', 'demo', '--store', store, '--json')
  assert.equal(local.status, 0, local.stderr)
  assert.deepEqual(
    JSON.parse(local.stdout).results.map(({ id }) => id),
    JSON.parse(remote.stdout).results.map(({ id }) => id),
    'the command line and the server answer differently',
  )
  const doctor = kindred('doctor', '--store', store)
  assert.equal(doctor.status, 0, doctor.stdout + doctor.stderr)
  console.log(doctor.stdout)
  assert.equal(kindred('serve', '--port', 'http').status, 2, 'wrong usage exits with 2')
  assert.equal(kindred('nonsense').status, 2, 'an unknown command exits with 2')
  assert.equal(kindred('--help').status, 0)
} finally {
  // Where a check failed, a server may still run.
  for (const child of children) child.kill('SIGKILL')
  rmSync(store, { recursive: true, force: true })
}
