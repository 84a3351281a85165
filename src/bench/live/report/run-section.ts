import { factsTable } from '../../../evaluation/report/facts-table.js'
import { html, type Html } from '../../../evaluation/report/html.js'
import type { BenchRun } from '../bench-run.js'

const hostText = (host: BenchRun['server']['host']): string =>
  host == null
    ? 'not told: the key may not do everything'
    : `${host.processor}, ${host.cores} cores, ${(host.memoryBytes / 2 ** 30).toFixed(0)} GiB, ${host.platform}, Node ${host.node}, ONNX Runtime ${host.onnxruntime}`

/** Everything that is needed to repeat the run. */
export function runSection({
  command,
  createdAt,
  client,
  server,
  collection,
  data,
  settings,
  load,
}: BenchRun): Html {
  const { m, efConstruction, ef } = collection.hnsw
  return html`<section id="settings" class="long">
    <h2>Settings</h2>
    <div class="pair">
      <div>
        <h3>This run</h3>
        ${factsTable([
          ['Command', command],
          ['Time', createdAt],
          ['kindred here', client.kindred],
          ['Node', client.node],
          ['Machine', `${client.processor}, ${client.cores} cores, ${client.platform}`],
          ['Memory', `${(client.memoryBytes / 2 ** 30).toFixed(0)} GiB`],
          ['Load of the machine at the start', client.load.toFixed(1)],
          ['Class of an item', settings.labelField],
          ['Seed', String(settings.seed)],
          ['Queries at a time', String(settings.concurrency)],
          ['ef', settings.ef === null ? 'as the collection has it' : String(settings.ef)],
          ...(load === null
            ? []
            : [
                ['k of the load', String(load.settings.k)] as const,
                ['Timeout', `${load.settings.timeoutSeconds} s`] as const,
              ]),
        ])}
      </div>
      <div>
        <h3>The server and the data</h3>
        ${factsTable([
          ['Server', server.url],
          ['kindred there', server.version ?? 'not told'],
          ['Its machine', hostText(server.host)],
          ['Collection', collection.name],
          ['Model', collection.model ?? 'none'],
          ['Embedding', `${collection.dimensions} values`],
          ['Graph', `m ${m}, efConstruction ${efConstruction}, ef ${ef}`],
          ['Items', String(collection.counts.items)],
          ['Newest write', collection.indexedAt ?? 'none'],
          ['Queries, hash', data.queriesHash],
          ['Items, hash', data.galleryHash ?? 'not listed'],
        ])}
      </div>
    </div>
  </section>`
}
