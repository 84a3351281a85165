/**
 * `npm run bench:index`: how long the graph of a collection takes to build, what it costs in memory, what it finds, and
 * whether searches and the event loop stall while it is written to.
 */
import { table } from '../markdown-table.js'
import { count, duration, mebibytes, queryCells, queryHead } from './scale/figure-text.js'
import { runScaleBench } from './scale/scale-options.js'
import { clients } from './scale/scale-settings.js'

await runScaleBench({
  name: 'bench:index',
  about: 'Builds the graph of a seeded collection and searches it, with and without writes beside.',
  defaults: { items: 100_000, dimensions: 128, classes: 1000, noise: 1, queries: 500, seconds: 10, seed: 1 },
  steps: ['make', 'load', 'build', 'write'],
  tell({ items, dimensions, classes, noise, queries, seed }, about, { load, build, write }) {
    const lines = [
      load && `Import: ${count(load.perSecond)} items/s, on disk at once.`,
      build &&
        `Building the graph: ${duration(build.seconds)}, ${count(items / build.seconds)} items/s on one core ` +
          `(${duration(build.processor)} of its time); the longest stretch that a call waits for is ${build.longest.toFixed(0)} ms.`,
      build &&
        `Memory: ${count(build.memory / items)} bytes an item, of which ${4 * dimensions} are its embedding; ` +
          `the process had ${mebibytes(build.peakMemory)} at most.`,
      write &&
        `Beside ${clients} searching clients a writer writes or deletes ${count(write.writesPerSecond)} items a second.`,
    ]
    const rows = [
      ...(write?.alone ?? []).map((row) => ['none', ...queryCells(row)]),
      ...(write?.written ?? []).map((row) => ['yes', ...queryCells(row)]),
    ]
    return [
      `${count(items)} embeddings of ${dimensions} dimensions in ${classes} clusters (noise ${noise}, seed ${seed}), ` +
        `${queries} queries. ${about}.`,
      '',
      ...lines.filter((line) => line !== undefined).map((line) => `- ${line}`),
      '',
      table(['writes beside', ...queryHead], rows),
    ].join('\n')
  },
})
