import { createHash } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import type { Server } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { fetchFile, type FetchOptions } from '../../../src/training/init/fetch-file.js'
import { serveFiles, stopServing } from './file-server.js'

const contents = Buffer.from('some weights '.repeat(20_000))
const sha256 = createHash('sha256').update(contents).digest('hex')

let server: Server
let url: string
let requests = 0
beforeAll(async () => {
  const served = await serveFiles((request, response) => {
    requests++
    switch (request.url) {
      case '/weights.bin':
      case '/weights.bin?token=secret':
        response.end(contents)
        break
      case '/moved':
        response.writeHead(302, { location: '/weights.bin' }).end()
        break
      case '/unsized':
        response.write(contents.subarray(0, 1000))
        response.end(contents.subarray(1000))
        break
      case '/cut-off':
        response.writeHead(200, { 'content-length': contents.length })
        response.write(contents.subarray(0, 1000), () => response.destroy())
        break
      case '/silent':
        response.write(contents.subarray(0, 1000))
        break
      case undefined:
      default:
        response.writeHead(404).end('no such file')
    }
  })
  server = served.server
  url = served.url
})
afterAll(() => stopServing(server))

let folder: string
let options: FetchOptions
beforeEach(async () => {
  requests = 0
  folder = await mkdtemp(path.join(tmpdir(), 'kindred-fetch-'))
  options = { folder, maxBytes: 1_000_000, timeoutSeconds: 30 }
})
afterEach(() => rm(folder, { recursive: true }))

describe('fetchFile', () => {
  it('fetches once, tells how far it is, and keeps what it has under a readable name', async () => {
    const told: [number, number | undefined][] = []
    const onProgress = (received: number, total: number | undefined): void => {
      told.push([received, total])
    }
    const file = await fetchFile(`${url}/weights.bin`, { ...options, onProgress })
    expect(contents.equals(await readFile(file))).toBe(true)
    expect(path.basename(file)).toMatch(/^[0-9a-f]{16}-weights\.bin$/)
    expect(told.at(-1)).toEqual([contents.length, contents.length])
    expect(await fetchFile(`${url}/weights.bin#sha256=${sha256.toUpperCase()}`, options)).toBe(file)
    expect(requests).toBe(1)
    expect(await readdir(folder)).toEqual([path.basename(file)])
  })

  it('follows a redirection, and takes a body whose length is not stated', async () => {
    for (const place of ['/moved', '/unsized']) {
      expect(contents.equals(await readFile(await fetchFile(`${url}${place}`, options)))).toBe(true)
    }
  })

  it('fetches anew what is kept with another content than the checksum states', async () => {
    const file = await fetchFile(`${url}/weights.bin`, options)
    await writeFile(file, 'damaged')
    await fetchFile(`${url}/weights.bin#sha256=${sha256}`, options)
    expect(contents.equals(await readFile(file))).toBe(true)
    expect(requests).toBe(2)
  })

  it.each<[string, string, Partial<FetchOptions>, string]>([
    ['another checksum', `/weights.bin#sha256=${'0'.repeat(64)}`, {}, `has SHA-256 ${sha256} instead of 000`],
    ['a stated length past the limit', '/weights.bin', { maxBytes: 1000 }, 'past the limit of 1000 bytes'],
    ['an unstated length past the limit', '/unsized', { maxBytes: 2000 }, 'past the limit of 2000 bytes'],
    ['a missing file', '/nowhere', {}, 'HTTP status 404'],
    ['a body that breaks off', '/cut-off', {}, 'could not be fetched'],
    ['a server that falls silent', '/silent', { timeoutSeconds: 0.2 }, 'no data for 0.2 s'],
  ])('keeps nothing of %s', async (_, place, over, message) => {
    await expect(fetchFile(`${url}${place}`, { ...options, ...over })).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining(message) as string,
    })
    expect(await readdir(folder)).toEqual([])
  })

  it('keeps nothing that its check refuses', async () => {
    const check = async (file: string): Promise<void> => {
      throw new Error(`${(await readFile(file)).length} bytes are wrong`)
    }
    await expect(fetchFile(`${url}/weights.bin`, { ...options, check })).rejects.toThrow(
      `${contents.length} bytes are wrong`,
    )
    expect(await readdir(folder)).toEqual([])
  })

  it('stops with the reason of its signal', async () => {
    const controller = new AbortController()
    const reason = new Error('enough')
    const onProgress = (): void => {
      controller.abort(reason)
    }
    const fetching = fetchFile(`${url}/silent`, { ...options, onProgress, signal: controller.signal })
    await expect(fetching).rejects.toBe(reason)
    expect(await readdir(folder)).toEqual([])
  })

  it('does not repeat what an address keeps secret', async () => {
    const fetching = fetchFile(`${url}/nowhere?token=secret`, options)
    await expect(fetching).rejects.toMatchObject({ message: expect.not.stringContaining('secret') as string })
  })

  it.each(['ftp://127.0.0.1/x', 'http://', `http://127.0.0.1/x#sha256=12`, 'http://127.0.0.1/x#part'])(
    'refuses the address %s',
    async (address) => {
      await expect(fetchFile(address, options)).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    },
  )

  it('says that a server cannot be reached', async () => {
    const gone = await serveFiles(() => undefined)
    await stopServing(gone.server)
    await expect(fetchFile(`${gone.url}/x`, options)).rejects.toMatchObject({
      code: 'DOWNLOAD_FAILED',
      message: expect.stringContaining('ECONNREFUSED') as string,
    })
  })
})
