/**
 * `npm run bench:live`: `kindred bench` on the demo catalogue, from nothing to a page. A real server in a process of its
 * own serves the demo; its drawn queries measure quality, then a ramp looks for the highest rate it holds. Client and server
 * share the machine.
 */
import path from 'node:path'
import { benchCommand } from '../../src/cli/bench.js'
import { prepareDemo } from '../../src/cli/demo.js'
import { loadConfig } from '../../src/config.js'
import { syntheticFiles } from '../../src/datasets/synthetic/render-synthetic-catalogue.js'
import { startChildServer } from './child-server.js'
import { optionalText, scriptOptions, text, whole } from '../script-options.js'
import { inOwnFolder } from './in-own-folder.js'

const given = scriptOptions(
  'bench:live',
  'Measures the quality and the highest rate of a server of the demo, and writes both to a page.',
  {
    model: text('BUNDLE', 'models/products', 'of the server'),
    store: optionalText('FOLDER', 'where the demo is made and kept; a temporary one without it'),
    slo: whole(250, 'most that p99 may be, in milliseconds'),
    duration: whole(10, 'seconds of each step'),
    output: text('FOLDER', 'runs', 'that page and file are written to'),
  },
)

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
        ...['--exact', '--slo', String(given.slo), '--rate', '8'],
        ...['--duration', String(given.duration), '--warm-up', '2'],
        ...['--report', report ?? '', '--output', output ?? ''],
      ],
      { from: 'user' },
    )
  } finally {
    await server.close()
  }
}

await inOwnFolder((folder) => bench(given.store ?? path.join(folder, 'served')))
