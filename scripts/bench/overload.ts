/**
 * `npm run bench:overload`: what a server does when ten times as many photos come as it can serve. Its capacity is
 * measured first, with as many clients as it works for at once; then photos are sent at a fixed rate, whatever becomes
 * of those before them (an open loop), while others ask for its health and for an item. The server is a real one in a
 * process of its own; client and server share the machine.
 */
import { readFile } from 'node:fs/promises'
import { availableParallelism, cpus, loadavg } from 'node:os'
import path from 'node:path'
import { prepareDemo } from '../../src/cli/demo.js'
import { loadConfig } from '../../src/config.js'
import { readSet } from '../../src/datasets/read-set.js'
import { syntheticFiles } from '../../src/datasets/synthetic/render-synthetic-catalogue.js'
import { startChildServer } from './child-server.js'
import { overload, type OverloadResult } from './overload/overload.js'
import { startMemoryWatch } from './overload/watch-memory.js'
import { prepareSearch } from '../../src/bench/live/load/prepared-request.js'
import { quantile } from '../../src/bench/quantile.js'
import { optionalText, scriptOptions, text, whole } from '../script-options.js'
import { inOwnFolder } from './in-own-folder.js'

const given = scriptOptions(
  'bench:overload',
  'Sends a server more photos than it can serve, and tells what it served, what it refused, and how soon.',
  {
    model: text('BUNDLE', 'models/products', 'of the server'),
    store: optionalText('FOLDER', 'where the demo is made and kept; a temporary one without it'),
    photos: optionalText('SET', "a labelled set; the demo's own queries without it"),
    factor: whole(10, 'times its capacity'),
    seconds: whole(20, 'of overload'),
    connections: whole(512, 'to the server'),
  },
)
const { factor, seconds, connections } = given

async function bench(folder: string): Promise<void> {
  const config = loadConfig({ env: process.env, flags: { store: folder, model: given.model } })
  await prepareDemo(config)
  const { images } = await readSet(
    given.photos ?? path.join(folder, 'demo-catalogue', syntheticFiles.queries),
    {},
  )
  const flags = ['--store', folder, '--model', config.model, '--host', '127.0.0.1', '--port', '0']
  const server = await startChildServer([...flags, '--log-level', 'warn'])
  const memory = startMemoryWatch(server.pid)
  try {
    const photos = await Promise.all(
      images
        .slice(0, 64)
        .map(async ({ path: file }) => prepareSearch(server.url, 'demo', await readFile(file), 10)),
    )
    const parts = { url: server.url, collection: 'demo', photos, atOnce: config.picturesAtOnce }
    const result = await overload({ ...parts, seconds, factor, connections })
    report(result, await memory.stop())
  } finally {
    await server.close()
  }
}

function report(
  result: OverloadResult,
  memory: { readonly first: number; readonly most: number; readonly last: number },
): void {
  const { capacity, offered, answers, health, reads } = result
  const of = (status: number): number[] => answers.filter((one) => one.status === status).map(({ ms }) => ms)
  const [served, refused] = [of(200), of(503)]
  const rate = served.length / result.seconds
  const times = (ms: readonly number[]): string =>
    [0.5, 0.99, 1].map((share) => quantile(ms, share).toFixed(0)).join(' / ')
  const MB = (bytes: number): string => (bytes / 1e6).toFixed(0)
  const say = (label: string, text: string): void => {
    console.log(`${label.padEnd(34)}${text}`)
  }
  console.log(
    `${cpus()[0]?.model ?? 'unknown CPU'}, ${availableParallelism()} cores, load ${loadavg()[0]?.toFixed(1) ?? '?'}, Node ${process.version}`,
  )
  say('capacity', `${capacity.toFixed(1)} photos/s`)
  say(
    'offered',
    `${offered.toFixed(1)} photos/s for ${seconds} s over ${connections} connections, ${answers.length} in all`,
  )
  say('sent late by, p50 / p99 / max', `${times(answers.map(({ lateMs }) => lateMs))} ms`)
  say('all answered after', `${result.seconds.toFixed(1)} s`)
  say('the client itself took', `${result.clientCores.toFixed(2)} of ${availableParallelism()} cores`)
  say('served', `${rate.toFixed(1)} photos/s, ${((100 * rate) / capacity).toFixed(0)} % of the capacity`)
  say('refused with 503', `${refused.length}`)
  say('anything else', `${answers.length - served.length - refused.length}`)
  say('served, p50 / p99 / max', `${times(served)} ms`)
  say('refused, p50 / p99 / max', `${times(refused)} ms`)
  for (const [name, probes] of [
    ['health', health],
    ['an item', reads],
  ] as const) {
    const bad = probes.filter(({ status }) => status !== 200).length
    say(
      `${name}, p50 / p99 / max`,
      `${times(probes.map(({ ms }) => ms))} ms, ${bad} of ${probes.length} not 200`,
    )
  }
  say(
    'memory before / most / after',
    `${MB(memory.first)} / ${MB(memory.most)} / ${MB(memory.last)} MB, all processes`,
  )
}

await inOwnFolder((folder) => bench(given.store ?? path.join(folder, 'served')))
