/**
 * `npm run bench:live`: `kindred bench` on the demo catalogue, from nothing to a page. A real server in a process of its
 * own serves the demo; its drawn queries measure quality, then a ramp looks for the highest rate it holds. Client and server
 * share the machine.
 */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { benchCommand } from '../cli/bench.js'
import { prepareDemo } from '../cli/demo.js'
import { reportFailure } from '../cli/exit.js'
import { loadConfig } from '../config.js'
import { syntheticFiles } from '../datasets/synthetic/render-synthetic-catalogue.js'
import { startChildServer } from './child-server.js'

const { values: given } = parseArgs({
  options: {
    model: { type: 'string', default: 'models/products' },
    /** Where the demo is made and kept; a temporary folder without it. */
    store: { type: 'string' },
    /** Most that p99 may be, in milliseconds. */
    slo: { type: 'string', default: '250' },
    /** Seconds of each step. */
    duration: { type: 'string', default: '10' },
    /** Folder that page and file are written to. */
    output: { type: 'string', default: 'runs' },
  },
})

async function bench(store: string): Promise<void> {
  const config = loadConfig({ env: process.env, flags: { store, model: given.model } })
  await prepareDemo(config)
  const flags = ['--store', store, '--model', config.model, '--host', '127.0.0.1', '--port', '0']
  const server = await startChildServer([...flags, '--log-level', 'warn'])
  const [report, output] = ['html', 'json'].map((kind) => path.join(given.output, `live.${kind}`))
  try {
    await benchCommand().parseAsync(
      [
        server.url,
        ...['--collection', 'demo', '--queries', path.join(store, 'demo-catalogue', syntheticFiles.queries)],
        ...['--exact', '--slo', given.slo, '--rate', '8', '--duration', given.duration, '--warm-up', '2'],
        ...['--report', report ?? '', '--output', output ?? ''],
      ],
      { from: 'user' },
    )
  } finally {
    await server.close()
  }
}

const folder = await mkdtemp(path.join(tmpdir(), 'kindred-bench-'))
try {
  await bench(given.store ?? path.join(folder, 'served'))
} catch (thrown) {
  process.exitCode = reportFailure(thrown, false)
} finally {
  await rm(folder, { recursive: true, force: true })
}
