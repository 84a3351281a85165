import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openEmbeddedStore } from '../../../src/collections/embedded/embedded-store.js'
import { verifyStore } from '../../../src/collections/embedded/verify-store.js'
import { loadConfig } from '../../../src/config.js'
import { KeyRecords, type NewApiKey } from '../../../src/server/access/key-records.js'
import { quiet } from '../test-server.js'

let folder: string
let store: string
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'kindred-keys-'))
  store = path.join(folder, 'index')
})
afterEach(() => {
  rmSync(folder, { recursive: true, force: true })
})

const wanted: NewApiKey = { name: 'shop', scope: 'write', collections: ['shoes'], expiresAt: null }

describe('the records of keys', () => {
  it('hold a hash of the secret and never the secret, in no file', () => {
    const records = KeyRecords.open(store)
    const { key, made } = records.create(wanted)
    expect(key).toMatch(new RegExp(`^kindred_${made.id}_[A-Za-z0-9_-]{43}$`))
    const secret = key.slice(-43)
    for (const name of readdirSync(store)) {
      const bytes = readFileSync(path.join(store, name))
      for (const form of [secret, Buffer.from(secret, 'base64url')]) expect(bytes.includes(form)).toBe(false)
    }
    expect(JSON.stringify(records.list())).not.toContain(secret)
    expect(records.find(made.id)?.hash).toHaveLength(32)
    records.close()
  })

  it('make each key of other random bits', () => {
    const records = KeyRecords.open(store)
    const keys = Array.from({ length: 50 }, () => records.create(wanted))
    expect(new Set(keys.map(({ made }) => made.id)).size).toBe(50)
    expect(new Set(keys.map(({ key }) => key.slice(-43))).size).toBe(50)
    expect(records.list().map(({ id }) => id)).toEqual(keys.map(({ made }) => made.id))
    records.close()
  })

  it('are the same for another connection at once, as for a server beside the command line', () => {
    const server = KeyRecords.open(store)
    expect(server.hadAny()).toBe(false)
    const commandLine = KeyRecords.open(store)
    const { made } = commandLine.create(wanted)
    expect(server.hadAny()).toBe(true)
    expect(server.find(made.id)?.key).toEqual({
      ...wanted,
      id: made.id,
      createdAt: made.createdAt,
      revokedAt: null,
    })
    const { revokedAt } = commandLine.revoke(made.id)
    expect(server.find(made.id)?.key.revokedAt).toBe(revokedAt)
    expect(commandLine.revoke(made.id).revokedAt).toBe(revokedAt)
    commandLine.close()
    expect(KeyRecords.openForReading(store)?.list()).toEqual(server.list())
    server.close()
  })

  it('know no key that was never made', () => {
    expect(KeyRecords.openForReading(store)).toBeNull()
    const records = KeyRecords.open(store)
    expect(records.find('000000000000')).toBeNull()
    expect(() => records.revoke('000000000000')).toThrow(expect.objectContaining({ code: 'KEY_NOT_FOUND' }))
    expect(records.hadAny()).toBe(false)
    records.close()
  })

  it('may be there before the store is, and are no damage to it', async () => {
    KeyRecords.open(store).close()
    const opened = await openEmbeddedStore(store, { logger: quiet })
    await opened.createCollection('shoes', { model: null, dimensions: 2 })
    await opened.close()
    const findings = await verifyStore(loadConfig({ flags: { store } }).store)
    expect(findings.map(({ state }) => state)).toEqual(['good'])
  })
})
