import { tmpdir } from 'node:os'
import { importCatalogue } from '../../collections/import-catalogue.js'
import { deleteMissing } from '../../collections/imports/delete-missing.js'
import type { ImportCounts } from '../../collections/imports/import-progress.js'
import { SeenIds } from '../../collections/imports/seen-ids.js'
import { RecentRate } from '../../collections/jobs/recent-rate.js'
import { openCatalogue } from '../../datasets/catalogues/open-catalogue.js'
import { settings, type Config } from '../../config.js'
import { KindredError } from '../../errors.js'
import { createPictureFetcher } from '../../images/fetch/picture-fetcher.js'
import { keepingFrom, type Keeping } from '../../images/picture-to-keep.js'
import { modelNamed } from '../remote/model-named.js'
import { openClient } from '../remote/open-client.js'
import { createRemoteItems, createRemoteTarget, ensureRemoteCollection } from '../remote/remote-target.js'
import { confirmDeletion } from './confirm-deletion.js'
import { firstRow } from '../../collections/imports/first-row.js'
import { startReporter } from './import-reporter.js'
import { catalogueLimitsFrom, type IndexRequest, type IndexResult } from './index-request.js'
import { goesAsOneFile, uploadCatalogue } from './upload-catalogue.js'

/** How long the answer about one item may take. */
const requestSeconds = 60

/**
 * Indexes through the API of a running server: what is whole in one file as a job there, anything else row by row. Run again,
 * it skips the pictures that are there.
 */
export async function indexThere(
  request: IndexRequest,
  { url, key }: { readonly url: string; readonly key: string | undefined },
  signal: AbortSignal,
): Promise<IndexResult> {
  const { source, ids, collection: name, model, deletion, keeping, quiet, config } = request
  if (request.resume) {
    throw new KindredError('INVALID_ARGUMENT', '--resume goes on with a job of a store, not through --url', {
      hint: 'Run the command without it: what the server has already is skipped.',
    })
  }
  const client = openClient(url, key, { seconds: requestSeconds })
  const catalogue = await openCatalogue(source, {
    limits: catalogueLimitsFrom(config),
    under: tmpdir(),
    ids,
    signal,
  })
  const fetcher = createPictureFetcher(config)
  const seen = new SeenIds()
  const reporter = startReporter(quiet)
  try {
    const first = await firstRow(catalogue)
    const spec = {
      ...(model !== undefined && { model: await modelNamed(model) }),
      ...(model === undefined &&
        first?.content.kind === 'embedding' && { dimensions: first.content.values.length }),
      ...unlikeDefault(config),
      ...keeping,
    }
    const collection = await ensureRemoteCollection(client, name, spec, keeping)
    if (goesAsOneFile(request, first)) {
      const done = await uploadCatalogue(openClient(url, key), request, reporter, signal)
      if (done !== null) return done
      process.stderr.write('the server takes no files so large; its rows go one by one\n')
    }
    const rate = new RecentRate(performance.now())
    let counts: ImportCounts = { total: 0, embedded: 0, unchanged: 0, failed: 0 }
    const { complete } = await importCatalogue(
      catalogue,
      createRemoteTarget(client, name, { maxBytes: config.maxImageBytes, fetcher }),
      {
        fields: collection.fields,
        seen,
        signal,
        onProgress: ({ counts: now, errors }) => {
          counts = now
          reporter.errors(errors)
          const { total: done, failed } = now
          const ratePerSecond = rate.note(performance.now(), done)
          reporter.progress({ done, failed, ratePerSecond, etaSeconds: null })
        },
      },
    )
    const deleted =
      complete && deletion !== null
        ? await deleteMissing(
            createRemoteItems(client),
            name,
            { seen, counts },
            confirmDeletion(deletion, signal),
            signal,
          )
        : 0
    return { job: null, there: true, counts, deleted, interrupted: !complete }
  } finally {
    reporter.stop()
    seen.close()
    await catalogue.close()
    await fetcher.close()
  }
}

/** What the environment or a file of settings says of keeping pictures; where neither does, the server's own settings count. */
const unlikeDefault = (config: Config): Partial<Keeping> => {
  const { keep, thumbnailSide } = keepingFrom(config)
  return {
    ...(keep !== settings.keep.default && { keep }),
    ...(thumbnailSide !== settings.thumbnailSide.default && { thumbnailSide }),
  }
}
