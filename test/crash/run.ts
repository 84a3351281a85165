import assert from 'node:assert/strict'
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { createInterface } from 'node:readline'
import { parseArgs } from 'node:util'
import { createRandom } from '../../src/datasets/random.js'
import { drawnEmbedding } from './drawn-embedding.js'
import { ImportRounds } from './import-rounds.js'
import { Ledger, type Version } from './ledger.js'

const { values } = parseArgs({
  options: {
    rounds: { type: 'string', default: '200' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '15' },
  },
})
const rounds = Number(values.rounds)
const random = createRandom(Number(values.seed))
const deadline = Date.now() + 60_000 * Number(values.minutes)
const folder = mkdtempSync(path.join(tmpdir(), 'kindred-crash-'))
const ledger = new Ledger()
const imports = new ImportRounds(folder)
/** Each so-manieth round kills an import instead of a server. */
const importEvery = 5
const clients = 4
let writes = 0
let graphMisses = 0

const groupOf = ({ seed }: Version): string => `g${seed % 5}`

/** @returns the answer's status and body */
async function ask(
  url: string,
  method: string,
  path: string,
  body?: unknown,
): Promise<{ status: number; body: unknown }> {
  const response = await fetch(`${url}/v1/collections/c${path}`, {
    method,
    ...(body !== undefined && {
      headers: { 'content-type': method === 'PATCH' ? 'application/merge-patch+json' : 'application/json' },
      body: JSON.stringify(body),
    }),
  })
  const text = await response.text()
  return { status: response.status, body: text === '' ? null : JSON.parse(text) }
}

async function startServer(): Promise<{ child: ChildProcess; url: string }> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'crash-server.mjs'), folder], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  for await (const line of createInterface(child.stdout)) return { child, url: line }
  throw new Error('the server did not start')
}

/** Every acknowledged write by id, and by a search for its own embedding; what was under way wholly or not at all. */
async function verify(url: string): Promise<void> {
  for (const id of new Set([...ledger.ids(), ...ledger.pending()])) {
    const { status, body } = await ask(url, 'GET', `/items/${id}`)
    if (status === 404) {
      ledger.settle(id, null)
      continue
    }
    assert.equal(status, 200)
    const { metadata, group } = body as { metadata: Version; group: string }
    ledger.settle(id, { seed: metadata.seed, patch: metadata.patch })
    assert.equal(group, groupOf(metadata))
    assert(await finds(url, id, metadata, true), `a search for the embedding of ${id} does not find it`)
    if (!(await finds(url, id, metadata, false))) graphMisses++
  }
}

async function finds(url: string, id: string, { seed }: Version, exact: boolean): Promise<boolean> {
  const { status, body } = await ask(url, 'POST', '/search', { embedding: drawnEmbedding(seed), k: 3, exact })
  assert.equal(status, 200)
  const { results } = body as { results: { id: string; score: number }[] }
  return results.some((hit) => hit.id === id && hit.score > 0.9999)
}

/** Writes one thing after the other until the server is gone. Each client has ids of its own. */
async function write(url: string, client: number): Promise<void> {
  const id = (): string => `${client}-${Math.floor(random() * 12)}`
  for (;;) {
    const target = id()
    const before = ledger.of(target)
    const draw = random()
    const patching = draw < 0.2 && before !== null
    const removing = draw > 0.75
    const next: Version = patching
      ? { seed: before.seed, patch: before.patch + 1 }
      : { seed: Math.floor(random() * 2 ** 31), patch: 0 }
    // Several at once now and then: all or none.
    const removed = removing
      ? [...new Set([target, id(), id()])].filter((one) => ledger.of(one) !== null)
      : []
    if (removing && removed.length === 0) continue
    const changes = new Map(removing ? removed.map((one) => [one, null]) : [[target, next]])
    ledger.begin(changes)
    const sent = removing
      ? ask(url, 'POST', '/items/delete', { ids: removed })
      : patching
        ? ask(url, 'PATCH', `/items/${target}`, { metadata: { patch: next.patch } })
        : ask(url, 'PUT', `/items/${target}`, {
            embedding: drawnEmbedding(next.seed),
            metadata: next,
            group: groupOf(next),
          })
    const answer = await sent.catch(() => null)
    if (answer === null) return
    assert(answer.status < 300, `${answer.status} ${JSON.stringify(answer.body)}`)
    ledger.acknowledge(changes)
    writes++
  }
}

const tell = (round: number): void => {
  if (round % 20 === 0) console.log(`${round} of ${rounds} rounds, ${writes} acknowledged writes`)
}

let done = 0
try {
  while (done < rounds && Date.now() < deadline) {
    if (done % importEvery === importEvery - 1) {
      await imports.round({ from: random() < 0.2 ? 'start' : 'first write', delay: random() * 600 })
      tell(++done)
      continue
    }
    const { child, url } = await startServer()
    const ended = once(child, 'exit')
    await verify(url)
    const writing = Promise.all(Array.from({ length: clients }, (_, client) => write(url, client)))
    // A busy machine may be slow to answer; a server that ended by itself never will.
    const before = writes
    while (writes === before && child.exitCode === null) await sleep(5)
    await sleep(random() * 400)
    child.kill('SIGKILL')
    await Promise.all([writing, ended])
    tell(++done)
  }
  const { child, url } = await startServer()
  const ended = once(child, 'exit')
  await verify(url)
  child.kill('SIGKILL')
  await ended
} catch (error) {
  // A child may still write there: that it cannot be removed must not hide what went wrong.
  console.error(error, `Round ${done + 1}; the store is left in ${folder}`)
  process.exit(1)
} finally {
  rmSync(folder, { recursive: true, force: true })
}
console.log(
  `${done} of ${rounds} rounds, seed ${values.seed}: ${writes} acknowledged writes, every one there by id and by a search` +
    ` for its embedding; the graph alone missed ${graphMisses} of its items' own embeddings`,
)
const { kills, finished, imports: whole } = imports.counts
console.log(
  `${kills} of these rounds killed an import: ${whole} imports came to their end, ${finished} rows acknowledged, every one there,` +
    ' none done twice',
)
if (done < rounds / 2) {
  console.error('fewer than half of the rounds were done within the time')
  process.exitCode = 1
}
