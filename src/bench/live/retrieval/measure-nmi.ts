import type { Client } from '../../../client/client.js'
import { readWithin } from '../../../collections/imports/read-picture.js'
import { KindredError } from '../../../errors.js'
import type { EmbedFailure, Picture } from '../../../evaluation/embed-pictures.js'
import { joinRows } from '../../../evaluation/join-rows.js'
import { clusteringNmi, type NmiResult } from '../../../evaluation/nmi.js'
import { cropWithoutLoss } from '../../../images/crop-without-loss.js'
import type { ImageLimits } from '../../../images/limits.js'
import { patiently } from '../patience.js'
import { refusedPicture } from '../refused-picture.js'
import { sideBySide } from '../side-by-side.js'
import type { BenchQuery } from './query.js'

export interface NmiOptions {
  /** Of the starts of k-means. */
  readonly seed: number
  /** Pictures under way at a time. */
  readonly concurrency: number
  readonly limits: ImageLimits
  /** Most bytes of a picture that the server takes. */
  readonly imageBytes: number
  readonly onProgress?: (phase: 'embedding' | 'clustering', done: number, total: number) => void
  readonly signal?: AbortSignal
}

export interface MeasuredNmi {
  /** null where no picture was left. */
  readonly nmi: NmiResult | null
  /** Pictures that it is without. */
  readonly failures: readonly EmbedFailure[]
}

/**
 * The NMI of labelled pictures as `kindred evaluate` measures it, on what a running server embeds them to.
 *
 * @param model `NAME@FINGERPRINT`, as the server calls it
 * @param queries that it has answered; a picture that it does not embed all the same, such as a box that is too large once it is
 * cut out, is listed and left out
 * @throws KindredError INVALID_ARGUMENT for a query without picture or class; what the server says
 */
export async function measureNmi(
  client: Client,
  model: string,
  queries: readonly BenchQuery[],
  options: NmiOptions,
): Promise<MeasuredNmi> {
  const { seed, concurrency, onProgress, signal } = options
  const labelled = queries.map(toLabelledPicture)
  let done = 0
  // A request each: the server puts what comes at the same time into one run of the network by itself.
  const outcomes = await sideBySide(
    labelled,
    concurrency,
    async ({ id, picture, label }) => {
      const outcome = await embed(picture)
        .then((row) => ({ row, label }))
        .catch((thrown: unknown) => ({ failure: ofNmi(refusedPicture(id, thrown)) }))
      onProgress?.('embedding', ++done, labelled.length)
      return outcome
    },
    signal,
  )
  const failures = outcomes.flatMap((outcome) => ('failure' in outcome ? outcome.failure : []))
  const embedded = outcomes.flatMap((outcome) => ('row' in outcome ? outcome : []))
  if (embedded.length === 0) return { nmi: null, failures }
  const rows = embedded.map(({ row }) => row)
  const dimensions = rows[0]?.length ?? 0
  const nmi = await clusteringNmi(
    { embeddings: joinRows(rows, dimensions), dimensions, labels: embedded.map(({ label }) => label) },
    {
      seed,
      onProgress: (starts, total) => onProgress?.('clustering', starts, total),
      ...(signal && { signal }),
    },
  )
  return { nmi, failures }

  async function embed(picture: Picture): Promise<Float32Array> {
    const image = new Blob([Uint8Array.from(await readPicture(picture, options))])
    const ask = () => client.embed({ query: { model }, body: { image: [image] }, ...(signal && { signal }) })
    const { embeddings } = await patiently(ask, signal)
    return Float32Array.from(embeddings[0] ?? [])
  }
}

/** It stands among the queries that are in no figure. */
const ofNmi = (failure: EmbedFailure): EmbedFailure => ({
  ...failure,
  reason: `left out of NMI alone: ${failure.reason}`,
})

function toLabelledPicture({ id, asks, label }: BenchQuery): { id: string; picture: Picture; label: string } {
  if ('picture' in asks && label !== null) return { id, picture: asks.picture, label }
  throw new KindredError('INVALID_ARGUMENT', `NMI needs pictures with a class, and ${id} is none`)
}

/** What the server cannot crop here is cropped beforehand. */
async function readPicture(
  { path, box }: Picture,
  { limits, imageBytes }: Pick<NmiOptions, 'limits' | 'imageBytes'>,
): Promise<Uint8Array> {
  const bytes = await readWithin({ file: path, name: path }, limits.maxBytes)
  return box === undefined ? bytes : cropWithoutLoss(bytes, box, limits, imageBytes)
}
