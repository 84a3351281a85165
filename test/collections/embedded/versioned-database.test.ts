import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { openDatabase, openForReading } from '../../../src/collections/embedded/versioned-database.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const first = { name: 'the example', migrations: ['CREATE TABLE a (x); INSERT INTO a VALUES (1)'] }
const second = { ...first, migrations: [...first.migrations, 'ALTER TABLE a ADD COLUMN y DEFAULT 2'] }
const newFile = (): string => path.join(temporaryFolder(), 'example.db')

describe('a database of the store', () => {
  it('is on disk at each commit and keeps its foreign keys', () => {
    const database = openDatabase(newFile(), first, { create: true })
    const pragma = (name: string): unknown => database.pragma(name, { simple: true })
    expect([pragma('synchronous'), pragma('journal_mode'), pragma('foreign_keys')]).toEqual([2, 'wal', 1])
    database.close()
  })

  it('takes the steps to the newest schema that it has not taken yet', () => {
    const file = newFile()
    openDatabase(file, first, { create: true }).close()
    for (let round = 0; round < 2; round++) {
      const database = openDatabase(file, second)
      expect(database.prepare('SELECT * FROM a').all()).toEqual([{ x: 1, y: 2 }])
      database.close()
    }
    for (const open of [openDatabase, openForReading]) {
      expect(() => open(file, first)).toThrow(expect.objectContaining({ code: 'STORE_TOO_NEW' }))
    }
  })

  it('stays as it was when a step fails', () => {
    const file = newFile()
    openDatabase(file, first, { create: true }).close()
    const broken = { ...first, migrations: [...first.migrations, 'CREATE TABLE b (x); SELECT nonsense'] }
    expect(() => openDatabase(file, broken)).toThrow(/the example.*nonsense/)
    const database = openDatabase(file, second)
    expect(database.prepare(`SELECT count(*) FROM sqlite_schema WHERE name = 'b'`).pluck().get()).toBe(0)
    database.close()
  })

  it('that is not there, or is none, is said to be damaged', () => {
    expect(() => openDatabase(newFile(), first)).toThrow(expect.objectContaining({ code: 'STORE_CORRUPT' }))
    expect(() => openForReading(import.meta.filename, first)).toThrow(/not a database/)
  })

  it('that is kept exclusively lets nobody else in until it is closed', () => {
    const file = newFile()
    const database = openDatabase(file, first, { create: true, exclusive: true })
    expect(() => openDatabase(file, first, { exclusive: true })).toThrow(
      expect.objectContaining({ code: 'STORE_LOCKED', hint: expect.stringContaining('--url') as string }),
    )
    database.close()
    openDatabase(file, first, { exclusive: true }).close()
  })
})
