import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { keysCommand } from '../../src/cli/keys.js'
import { openClient } from '../../src/cli/remote/open-client.js'
import { searchCommand } from '../../src/cli/search.js'
import { readExpiry } from '../../src/cli/expiry.js'
import { KeyRecords } from '../../src/server/access/key-records.js'
import { run } from './run.js'

const root = mkdtempSync(path.join(tmpdir(), 'kindred-cli-keys-'))
afterAll(() => {
  rmSync(root, { recursive: true, force: true })
})
const keys = (store: string, ...args: string[]) =>
  run(keysCommand(), ...args, '--store', path.join(root, store))
const known = (store: string) => {
  const records = KeyRecords.open(path.join(root, store))
  try {
    return records.list()
  } finally {
    records.close()
  }
}

describe('kindred keys', () => {
  it('prints a key that is made alone, so that a script can take it, and tells the rest beside it', async () => {
    const args = [
      '--scope',
      'search',
      '--collections',
      'shoes,hats',
      '--name',
      'web shop',
      '--expires',
      '2999-01-01',
    ]
    const { out, err } = await keys('one', 'create', ...args)
    expect(out).toMatch(/^kindred_[0-9a-f]{12}_[A-Za-z0-9_-]{43}\n$/)
    expect(known('one')).toEqual([
      {
        id: out.split('_')[1],
        name: 'web shop',
        scope: 'search',
        collections: ['shoes', 'hats'],
        createdAt: expect.any(String) as string,
        expiresAt: '2999-01-01T00:00:00.000Z',
        revokedAt: null,
      },
    ])
    expect(err).toContain('not shown again')
    expect(err).not.toContain(out.trim())
  })

  it('lists what keys may do and never what they are, and revokes them', async () => {
    const made = JSON.parse((await keys('two', 'create', '--scope', 'admin', '--json')).out) as {
      id: string
      key: string
    }
    const list = await keys('two', 'list')
    expect(list.out).toMatch(new RegExp(`^${made.id} {2}admin {3}\\S+Z {2}all collections\n$`))
    const revoked = await keys('two', 'revoke', made.id)
    expect(revoked.out).toMatch(/^revoked .* revoked \S+Z\n$/)
    const json = (await keys('two', 'list', '--json')).out
    expect(JSON.parse(json)).toEqual({ items: known('two') })
    expect(known('two')[0]?.revokedAt).not.toBeNull()
    expect(list.out + revoked.out + json).not.toContain(made.key.slice(-43))
    await expect(keys('two', 'revoke', '000000000000')).rejects.toMatchObject({ code: 'KEY_NOT_FOUND' })
  })

  it('lists nothing where there is no store, and makes none', async () => {
    expect((await keys('three', 'list')).out).toBe('')
    expect(KeyRecords.openForReading(path.join(root, 'three'))).toBeNull()
  })

  it.each([
    [['--collections', 'Shoes']],
    [['--collections', 'a,,b']],
    [['--expires', 'tomorrow']],
    [['--expires', '2001-01-01']],
    [['--name', 'two\nlines']],
    [['--name', 'x'.repeat(201)]],
  ])('refuses %j and makes no key', async (args) => {
    await expect(keys('four', 'create', '--scope', 'search', ...args)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: expect.stringContaining(args[0] ?? '') as string,
    })
    expect(KeyRecords.openForReading(path.join(root, 'four'))).toBeNull()
  })

  it('wants a scope, and one that there is', async () => {
    for (const args of [[], ['--scope', 'root']])
      await expect(keys('five', 'create', ...args)).rejects.toThrow('--scope')
  })
})

describe('when a key expires', () => {
  const now = Date.parse('2026-01-31T12:00:00Z')
  it.each([
    ['12h', '2026-02-01T00:00:00.000Z'],
    ['90d', '2026-05-01T12:00:00.000Z'],
    ['2026-02-01', '2026-02-01T00:00:00.000Z'],
    ['2026-01-31T14:00:00+01:00', '2026-01-31T13:00:00.000Z'],
  ])('%s is %s', (text, at) => {
    expect(readExpiry(text, now)).toBe(at)
  })
  it.each(['', '0d', '-1d', '1w', '2026-01-31', '2026-02-30', '2026-01-31T12:00:00Z', '123456d'])(
    '%j is no time to come',
    (text) => {
      expect(() => readExpiry(text, now)).toThrow('--expires')
    },
  )
})

describe('a command that talks to a server', () => {
  /** How the server answers, request by request. */
  const answers: { status: number; headers?: Record<string, string> }[] = []
  const seen: (string | undefined)[] = []
  const server = createServer((req, res) => {
    seen.push(req.headers.authorization)
    req.resume().on('end', () => {
      const { status, headers } = answers.shift() ?? { status: 200 }
      res.writeHead(status, { 'content-type': 'application/json', ...headers }).end('{}')
    })
  })
  let url: string
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  })
  afterAll(() => {
    server.close()
    vi.unstubAllEnvs()
  })

  it('takes the key of KINDRED_KEY, unless --key gives another', async () => {
    vi.stubEnv('KINDRED_KEY', 'from-environment')
    const args = [import.meta.filename, '--collection', 'x', '--url', url]
    answers.push({ status: 401 }, { status: 401 })
    await expect(run(searchCommand(), ...args)).rejects.toThrow('status 401')
    await expect(run(searchCommand(), ...args, '--key', 'from-flag')).rejects.toThrow('status 401')
    expect(seen.splice(0)).toEqual(['Bearer from-environment', 'Bearer from-flag'])
  })

  it('waits as long as a limit of the server says, and goes on', async () => {
    answers.push(
      { status: 429, headers: { 'retry-after': '1' } },
      { status: 429, headers: { 'retry-after': '0' } },
    )
    const started = performance.now()
    await openClient(url).search({ path: { collection: 'x' }, body: { image: new Blob(['x']), k: 1 } })
    expect(performance.now() - started).toBeGreaterThan(950)
    expect(seen.splice(0)).toHaveLength(3)
  })

  it('gives up where it would wait too long, or too often', async () => {
    answers.push({ status: 429, headers: { 'retry-after': '3600' } })
    await expect(openClient(url).listModels()).rejects.toThrow('status 429')
    expect(seen.splice(0)).toHaveLength(1)
    for (let i = 0; i < 6; i++) answers.push({ status: 429, headers: { 'retry-after': '0' } })
    await expect(openClient(url).listModels()).rejects.toThrow('status 429')
    expect(seen.splice(0)).toHaveLength(6)
  })

  it('does not send what no key can be, and does not repeat it', () => {
    const wrong = 'a secret\nwith a line break'
    expect(() => openClient(url, wrong)).toThrow(expect.objectContaining({ code: 'INVALID_ARGUMENT' }))
    expect(() => openClient(url, wrong)).not.toThrow(/secret/)
  })
})
