import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { KeyRecords, type NewApiKey } from '../../src/server/access/key-records.js'
import { writeModels } from '../server/test-server.js'

const entry = path.resolve(import.meta.dirname, '../../dist/cli/main.js')

/** The built program as `kindred serve`, in a process of its own. */
export interface BuiltServer {
  readonly url: string
  readonly child: ChildProcess
  readonly pid: number
  /** All that it writes lies in here: its store is `index`. */
  readonly folder: string
  /** What it wrote to its log and to standard error, of late. */
  readonly log: () => string
  /** A key of the whole server, made before it started. */
  readonly key: string
  /** Makes another key. */
  makeKey(key: Partial<NewApiKey>): string
  /** Stops it gracefully and removes its folder. @throws Error where it did not end with code 0 */
  close(): Promise<void>
}

const logKept = 20_000
/**
 * Of JavaScript's heap. With what Node allows itself on a large machine it would collect its rubbish so late that a test of minutes
 * could not tell it from a leak; and a leak that is large ends the process here.
 */
const heapMebibytes = 192

/**
 * Starts it over tiny models (see writeModels) on a free loopback port, in a temporary folder.
 *
 * @param flags more of `kindred serve`
 * @param mode `test`: every answer is held against the contract, and one that breaks it is a 500
 */
export async function startBuiltServer(
  flags: readonly string[],
  mode: 'test' | 'production',
): Promise<BuiltServer> {
  const folder = await mkdtemp(path.join(tmpdir(), 'kindred-built-'))
  const store = path.join(folder, 'index')
  const models = path.join(folder, 'models')
  await writeModels(models)
  const makeKey = (wanted: Partial<NewApiKey>): string => {
    const records = KeyRecords.open(store)
    try {
      const key: NewApiKey = { name: '', scope: 'admin', collections: null, expiresAt: null, ...wanted }
      return records.create(key).key
    } finally {
      records.close()
    }
  }
  const key = makeKey({})
  const own = ['--json', '--port', '0', '--store', store, '--models', models]
  const child = spawn(
    process.execPath,
    [
      `--max-old-space-size=${heapMebibytes}`,
      entry,
      'serve',
      ...own,
      '--model',
      path.join(models, 'tiny'),
      '--log-level',
      'warn',
      ...flags,
    ],
    {
      stdio: ['ignore', 'pipe', 'pipe'],
      // What it writes beside its store is found in its own folder, too.
      env: { ...process.env, NODE_ENV: mode, TMPDIR: folder },
    },
  )
  let log = ''
  child.stderr.on('data', (part: Buffer) => (log = (log + part.toString()).slice(-logKept)))
  const ended = once(child, 'close')
  const lines = createInterface(child.stdout)
  const url = await new Promise<string>((resolve, reject) => {
    lines.on('line', (line) => {
      if (line.startsWith('{"url"')) resolve((JSON.parse(line) as { url: string }).url)
      else log = `${log}${line}\n`.slice(-logKept)
    })
    void ended.then(async () => {
      await rm(folder, { recursive: true, force: true })
      reject(new Error(`The server ended before it served:\n${log}`))
    })
  })
  return {
    url,
    child,
    pid: child.pid ?? 0,
    folder,
    log: () => log,
    key,
    makeKey,
    async close() {
      child.kill('SIGTERM')
      await ended
      await rm(folder, { recursive: true, force: true })
      if (child.exitCode !== 0)
        throw new Error(`The server ended with ${child.signalCode ?? child.exitCode}:\n${log}`)
    },
  }
}
