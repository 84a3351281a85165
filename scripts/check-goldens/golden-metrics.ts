import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { KindredError } from '../../src/errors.js'
import { retrievalMetrics } from '../../src/evaluation/retrieval-metrics.js'

interface GoldenMetrics {
  readonly embeddings: readonly (readonly number[])[]
  readonly labels: readonly (number | string)[]
  readonly recall: Readonly<Record<string, number>>
  readonly r_precision: number
  readonly map_at_r: number
}

/** Difference from the reference of every metric in a folder's `metrics.json`; null where it has no such file. */
export async function metricErrors(folder: string): Promise<Readonly<Record<string, number>> | null> {
  const file = path.join(folder, 'metrics.json')
  if (!existsSync(file)) return null
  const golden = JSON.parse(readFileSync(file, 'utf8')) as Partial<GoldenMetrics>
  const { embeddings, labels, recall, r_precision, map_at_r } = golden
  if (!embeddings || !labels || !recall || r_precision === undefined || map_at_r === undefined) {
    throw new KindredError('INVALID_ARGUMENT', `${file} lacks embeddings, labels or a metric`)
  }
  const dimensions = embeddings[0]?.length ?? 0
  const ours = await retrievalMetrics({
    queries: { embeddings: Float32Array.from(embeddings.flat()), dimensions, labels: labels.map(String) },
    ks: Object.keys(recall).map(Number),
  })
  return {
    ...Object.fromEntries(
      Object.entries(recall).map(([k, value]) => [`recall@${k}`, Math.abs((ours.recall[k] ?? NaN) - value)]),
    ),
    'r-precision': Math.abs(ours.rPrecision - r_precision),
    'map@r': Math.abs(ours.mapAtR - map_at_r),
  }
}
