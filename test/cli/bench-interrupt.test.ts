import { spawn, type ChildProcess } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { BenchRun } from '../../src/bench/live/bench-run.js'
import { createClient, type Client } from '../../src/client/client.js'
import { loadConfig } from '../../src/config.js'
import { startServer, type RunningServer } from '../../src/server/start-server.js'
import { writeLayout } from '../bench/live/official-layouts.js'
import { writeColouredSet } from '../evaluation/coloured-set.js'
import { quiet, writeModels } from '../server/test-server.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const root = temporaryFolder()
const set = path.join(root, 'sop')
let server: RunningServer
let client: Client

beforeAll(async () => {
  await writeModels(path.join(root, 'models'))
  const classes = ['blue', 'green', 'orange', 'pink']
  await writeColouredSet(path.join(root, 'set'), { classes, each: 5 })
  const pictures = classes.flatMap((label) =>
    Array.from({ length: 5 }, (_, n) => ({ file: path.join(root, 'set', label, `${n}.jpg`), label })),
  )
  writeLayout.sop(set, pictures)
  const model = path.join(root, 'models', 'tiny')
  const flags = { store: path.join(root, 'served'), models: path.join(root, 'models'), model, port: 0 }
  server = await startServer(loadConfig({ flags }), quiet)
  client = createClient(server.url)
})
afterAll(() => server.close())

const gates: Server[] = []
const children: ChildProcess[] = []
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL')
  for (const gate of gates.splice(0)) {
    gate.closeAllConnections()
    gate.close()
  }
  for (const { name } of (await client.listCollections()).items) {
    await client.deleteCollection({ path: { collection: name } })
  }
})

/** What stands between the two: passes on what it is told to, and holds the rest for ever. */
async function openGate(passes: (request: IncomingMessage) => boolean): Promise<string> {
  const gate = createServer((asked, answer) => {
    if (passes(asked)) passOn(asked, answer)
  })
  gates.push(gate)
  await new Promise<void>((resolve) => gate.listen(0, '127.0.0.1', resolve))
  return `http://127.0.0.1:${(gate.address() as AddressInfo).port}`
}

function passOn(asked: IncomingMessage, answer: ServerResponse): void {
  const { method, headers, url = '' } = asked
  const onward = request(new URL(url, server.url), { method, headers }, (given) => {
    answer.writeHead(given.statusCode ?? 0, given.headers)
    given.pipe(answer)
  })
  onward.on('error', () => answer.destroy())
  asked.pipe(onward)
}

interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** `kindred bench` in a process of its own. */
function startBench(url: string, ...args: string[]): { child: ChildProcess; ended: Promise<Ended> } {
  const child = spawn(process.execPath, ['--import', 'tsx', 'src/cli/main.ts', 'bench', url, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let out = ''
  let err = ''
  child.stdout.on('data', (part: Buffer) => (out += part.toString()))
  child.stderr.on('data', (part: Buffer) => (err += part.toString()))
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => {
      resolve({ code, out, err })
    })
  })
  return { child, ended }
}

const names = async (): Promise<string[]> => (await client.listCollections()).items.map(({ name }) => name)

/** A gate that holds the nth request of this kind and all that come after it; removals only where it is told to. */
async function holdFrom(
  kind: RegExp,
  nth: number,
  { removals = false } = {},
): Promise<{ readonly url: string; readonly held: Promise<void>; readonly removing: Promise<void> }> {
  let tellHeld: () => void = () => undefined
  let tellRemoving: () => void = () => undefined
  const held = new Promise<void>((resolve) => (tellHeld = resolve))
  const removing = new Promise<void>((resolve) => (tellRemoving = resolve))
  let seen = 0
  const url = await openGate(({ method = '', url: asked = '' }) => {
    if (method === 'DELETE') {
      tellRemoving()
      return !removals
    }
    if (kind.test(`${method} ${asked}`)) seen++
    if (seen < nth) return true
    tellHeld()
    return false
  })
  return { url, held, removing }
}

const indexing = /^PUT .*\/items\//
const asking = /^POST .*\/search$/
const embedding = /^POST \/v1\/embed/
/** Of the set: each is asked once. */
const queries = 10
const load = ['--rate', '10', '--duration', '0.5', '--warm-up', '0']

describe('kindred bench --dataset, interrupted', () => {
  it.each([
    ['SIGINT', 'indexing', indexing],
    ['SIGTERM', 'asking', asking],
  ] as const)(
    'by %s while %s removes its collection and ends with 130, though the server holds its answers back',
    async (signal, _, kind) => {
      const { url, held } = await holdFrom(kind, 3)
      const { child, ended } = startBench(url, '--dataset', 'sop', set)
      await held
      const [made] = await names()
      expect(made).toMatch(/^bench-sop-/)
      child.kill(signal)
      const { code, err } = await ended
      expect(err).toContain(`removing the collection ${made ?? ''} from the server`)
      expect(code).toBe(130)
      expect(await names()).toEqual([])
    },
  )

  it('names the collection that --keep leaves with a part of the set', async () => {
    const { url, held } = await holdFrom(indexing, 3)
    const { child, ended } = startBench(url, '--dataset', 'sop', set, '--keep')
    await held
    child.kill('SIGINT')
    const { code, err } = await ended
    const [left = 'none'] = await names()
    expect(err).toContain(`the collection ${left} stays on the server with only a part of the set\n`)
    expect(code).toBe(130)
  })

  it('leaves the collection with --keep', async () => {
    const { url, held } = await holdFrom(asking, 2)
    const { child, ended } = startBench(url, '--dataset', 'sop', set, '--keep')
    await held
    child.kill('SIGINT')
    const { code, err } = await ended
    expect(code).toBe(130)
    expect(err).not.toContain('removing')
    const [left = 'none'] = await names()
    expect(left).toMatch(/^bench-sop-/)
    expect(err).toContain(`the collection ${left} stays on the server\n`)
  })

  it('a second time ends at once, though the removal hangs, having told what stays', async () => {
    const { url, held, removing } = await holdFrom(asking, 2, { removals: true })
    const { child, ended } = startBench(url, '--dataset', 'sop', set)
    await held
    child.kill('SIGINT')
    await removing
    child.kill('SIGINT')
    const { code, err } = await ended
    expect(code).toBe(130)
    const [left = 'none'] = await names()
    expect(err).toContain(`removing the collection ${left} from the server`)
  })

  it('tells what stays where the server is gone by then', async () => {
    const { url, held } = await holdFrom(asking, 2)
    const { ended } = startBench(url, '--dataset', 'sop', set)
    await held
    for (const gate of gates.splice(0)) {
      gate.close()
      gate.closeAllConnections()
    }
    const { code, err } = await ended
    const [left = 'none'] = await names()
    expect(err).toContain(`the collection ${left} may still be on the server: `)
    expect(err).toMatch(/error: The server at .* does not answer/)
    expect(code).toBe(1)
  })
})

describe('kindred bench, ended early', () => {
  const file = path.join(root, 'runs', 'run.json')
  const written = (): BenchRun => JSON.parse(readFileSync(file, 'utf8')) as BenchRun
  /** Ends with the nth request of a kind held back. */
  async function interrupted(kind: RegExp, nth: number, ...args: string[]): Promise<Ended> {
    const { url, held } = await holdFrom(kind, nth)
    const { child, ended } = startBench(url, '--dataset', 'sop', set, '--output', file, ...args)
    await held
    child.kill('SIGINT')
    return ended
  }

  it('in a step of load keeps quality and the steps before it, and says so', async () => {
    const { code, out, err } = await interrupted(asking, queries + 5 + 1, ...load, '--slo', '60000')
    expect(code).toBe(130)
    expect(out).toMatch(/\nthe run ended early: Stopped before all was measured\n/)
    expect(out).toMatch(/\n {2}Recall@1 .*[^]*\n {2}10 searches\/s, constant: 5 of 5 answered/)
    expect(err).toContain('error: Stopped before all was measured\n')
    const { retrieval, load: found, endedBy } = written()
    expect(retrieval?.counts.queries).toBe(queries)
    expect(found).toMatchObject({ steps: [{ sent: 5, answered: 5 }], ramp: null })
    expect(endedBy).toEqual({ code: 'INTERRUPTED', reason: 'Stopped before all was measured' })
    expect(await names()).toEqual([])
  })

  it('in the first step keeps the quality alone', async () => {
    const { code } = await interrupted(asking, queries + 1, ...load)
    expect(code).toBe(130)
    expect(written()).toMatchObject({
      retrieval: { counts: { queries } },
      load: null,
      endedBy: { code: 'INTERRUPTED' },
    })
  })

  it('keeps finished steps where load alone is measured', async () => {
    const { code, out } = await interrupted(
      asking,
      5 + 1,
      ...load,
      '--slo',
      '60000',
      '--no-retrieval',
      '--json',
    )
    expect(code).toBe(130)
    expect(JSON.parse(out)).toEqual(written())
    expect(written()).toMatchObject({
      retrieval: null,
      load: { steps: [{ answered: 5 }] },
      endedBy: { code: 'INTERRUPTED' },
    })
  })

  it('while it embeds for NMI keeps the quality without it', async () => {
    const { code, out } = await interrupted(embedding, 2, '--nmi', ...load)
    expect(code).toBe(130)
    expect(out).not.toMatch(/NMI/)
    expect(written()).toMatchObject({
      retrieval: { counts: { queries, failed: 0 }, nmi: null },
      load: null,
      endedBy: { code: 'INTERRUPTED' },
    })
  })

  it('has nothing to write where quality is not complete', async () => {
    const none = path.join(root, 'runs', 'none.json')
    const { code, out, err } = await interrupted(asking, queries, '--output', none)
    expect(code).toBe(130)
    expect(out).toBe('')
    expect(err).toContain('error: Stopped before anything was written')
    expect(existsSync(none)).toBe(false)
  })

  it('by a server that is gone while it embeds for NMI keeps the quality, and fails', async () => {
    const { url, held } = await holdFrom(embedding, 2)
    const { ended } = startBench(url, '--dataset', 'sop', set, '--nmi', '--output', file)
    await held
    for (const gate of gates.splice(0)) {
      gate.close()
      gate.closeAllConnections()
    }
    const { code, out, err } = await ended
    expect(code).toBe(1)
    expect(out).toMatch(/\n {2}Recall@1 /)
    expect(err).toMatch(/error: The server at .* does not answer/)
    const { retrieval, endedBy } = written()
    expect(retrieval).toMatchObject({ counts: { queries }, nmi: null })
    expect(endedBy?.code).toBe('SERVER_UNREACHABLE')
  })
})
