import type { Client } from '../../../client/client.js'
import { readWithin } from '../../../collections/imports/read-picture.js'
import { KindredError } from '../../../errors.js'
import type { Picture } from '../../../evaluation/embed-pictures.js'
import { joinRows } from '../../../evaluation/join-rows.js'
import { clusteringNmi, type NmiResult } from '../../../evaluation/nmi.js'
import { cropToPng } from '../../../images/crop-to-png.js'
import type { ImageLimits } from '../../../images/limits.js'
import { patiently } from '../patience.js'
import { sideBySide } from '../side-by-side.js'
import type { BenchQuery } from './query.js'

export interface NmiOptions {
  /** Of the starts of k-means. */
  readonly seed: number
  /** Pictures under way at a time. */
  readonly concurrency: number
  readonly limits: ImageLimits
  readonly onProgress?: (phase: 'embedding' | 'clustering', done: number, total: number) => void
  readonly signal?: AbortSignal
}

/**
 * The NMI of labelled pictures as `kindred evaluate` measures it, on what a running server embeds them to.
 *
 * @param model `NAME@FINGERPRINT`, as the server calls it
 * @param queries that it has answered: any of their pictures can be read
 * @throws KindredError INVALID_ARGUMENT for a query without picture or class; what the server says
 */
export async function measureNmi(
  client: Client,
  model: string,
  queries: readonly BenchQuery[],
  options: NmiOptions,
): Promise<NmiResult> {
  const { seed, concurrency, limits, onProgress, signal } = options
  const labelled = queries.map(toLabelledPicture)
  let done = 0
  // A request each: the server puts what comes at the same time into one run of the network by itself.
  const rows = await sideBySide(
    labelled,
    concurrency,
    async ({ picture }) => {
      const image = new Blob([Uint8Array.from(await readPicture(picture, limits))])
      const ask = () =>
        client.embed({ query: { model }, body: { image: [image] }, ...(signal && { signal }) })
      const { embeddings } = await patiently(ask, signal)
      onProgress?.('embedding', ++done, labelled.length)
      return Float32Array.from(embeddings[0] ?? [])
    },
    signal,
  )
  const dimensions = rows[0]?.length ?? 0
  const embedded = { embeddings: joinRows(rows, dimensions), dimensions }
  return clusteringNmi(
    { ...embedded, labels: labelled.map(({ label }) => label) },
    {
      seed,
      onProgress: (starts, total) => onProgress?.('clustering', starts, total),
      ...(signal && { signal }),
    },
  )
}

function toLabelledPicture({ id, asks, label }: BenchQuery): { picture: Picture; label: string } {
  if ('picture' in asks && label !== null) return { picture: asks.picture, label }
  throw new KindredError('INVALID_ARGUMENT', `NMI needs pictures with a class, and ${id} is none`)
}

/** What the server cannot crop here is cropped beforehand. */
async function readPicture({ path, box }: Picture, limits: ImageLimits): Promise<Uint8Array> {
  const bytes = await readWithin({ file: path, name: path }, limits.maxBytes)
  return box === undefined ? bytes : cropToPng(bytes, box, limits)
}
