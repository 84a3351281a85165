import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { importCatalogue } from '../../../src/collections/import-catalogue.js'
import { SeenIds } from '../../../src/collections/imports/seen-ids.js'
import { openEmbeddedStore } from '../../../src/collections/embedded/embedded-store.js'
import { createStoreTarget } from '../../../src/collections/store-target.js'
import type { CatalogueRowError } from '../../../src/datasets/catalogues/catalogue-row.js'
import { openCatalogue } from '../../../src/datasets/catalogues/open-catalogue.js'
import { createPictureFetcher, type PictureFetcher } from '../../../src/images/fetch/picture-fetcher.js'
import { defaultImageLimits } from '../../../src/images/limits.js'
import { fakeEmbedder } from '../jobs/support/fake-embedder.js'
import { pictureBytes } from '../jobs/support/made-pictures.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

let server: Server
let host: string
beforeAll(async () => {
  server = createServer((req, res) => {
    const number = /^\/(\d+)\.png$/.exec(req.url ?? '')?.[1]
    if (number === undefined) res.writeHead(404).end()
    else
      void pictureBytes(Number(number)).then((bytes) => res.setHeader('content-type', 'image/png').end(bytes))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  host = `127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

async function importRows(csv: string, fetcher?: PictureFetcher) {
  const folder = temporaryFolder()
  await writeFile(path.join(folder, 'c.csv'), csv)
  const embedder = fakeEmbedder()
  const store = await openEmbeddedStore(path.join(folder, 'store'), { logger: pino({ level: 'silent' }) })
  const { collection } = await store.createCollection('c', { model: embedder.model, dimensions: 4 })
  const catalogue = await openCatalogue(path.join(folder, 'c.csv'), {
    limits: { maxRowBytes: 1e6, maxArchiveMembers: 1, maxArchiveMemberBytes: 1, maxArchiveBytes: 1 },
    under: folder,
  })
  const errors: CatalogueRowError[] = []
  const target = createStoreTarget(store, collection, embedder, defaultImageLimits, fetcher && { fetcher })
  const once = async () => {
    const seen = new SeenIds()
    const run = await importCatalogue(catalogue, target, {
      fields: {},
      seen,
      onProgress: (progress) => errors.push(...progress.errors),
    }).finally(() => {
      seen.close()
    })
    return run.counts
  }
  try {
    const first = await once()
    return { first, again: await once(), errors, embedded: embedder.count() }
  } finally {
    await catalogue.close()
    await store.close()
  }
}

test('rows bring pictures by URL; what cannot be fetched is an error of its row', async () => {
  const fetcher = createPictureFetcher({
    fetchFrom: '127.0.0.0/8',
    fetchPorts: host.split(':')[1] ?? '',
    fetchSeconds: 5,
    fetchRedirects: 0,
    maxImageBytes: 1e6,
  })
  const rows = Array.from({ length: 50 }, (_, n) => `p-${n},http://${host}/${n}.png`)
  const csv = ['id,image', ...rows, `gone,http://${host}/gone`, 'secret,http://169.254.169.254/x', ''].join(
    '\n',
  )
  const { first, again, errors, embedded } = await importRows(csv, fetcher).finally(() => fetcher.close())
  expect(first).toEqual({ total: 52, embedded: 50, unchanged: 0, failed: 2 })
  expect(again).toEqual({ total: 52, embedded: 0, unchanged: 50, failed: 2 })
  expect(embedded).toBe(50)
  expect(errors.slice(0, 2).map(({ row, id, code }) => [row, id, code])).toEqual([
    [52, 'gone', 'FETCH_FAILED'],
    [53, 'secret', 'URL_NOT_FETCHED'],
  ])
})

test('no URL is fetched where nobody allowed it', async () => {
  const { first, errors } = await importRows(`id,image\na,http://${host}/1.png\n`)
  expect(first).toMatchObject({ embedded: 0, failed: 1 })
  expect(errors[0]).toMatchObject({ id: 'a', code: 'URL_NOT_FETCHED' })
})
