import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { openCatalogue } from '../../../src/datasets/catalogues/open-catalogue.js'
import { makeTar, makeTgz } from './make-tar.js'
import { makeZip } from './make-zip.js'
import { inShort, readAll, roomy } from './read-all.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

/** The members in every format, as files of a folder of their own. */
async function packed(members: readonly { name: string; content: string }[]): Promise<string[]> {
  const folder = temporaryFolder()
  const files = {
    'a.zip': makeZip(members),
    'a.tar': await makeTar(members),
    'a.tar.gz': await makeTgz(members),
    'a.tgz': await makeTgz(members),
  }
  return Object.entries(files).map(([name, bytes]) => {
    writeFileSync(path.join(folder, name), bytes)
    return path.join(folder, name)
  })
}

async function refused(name: string, bytes: Buffer, limits: Partial<typeof roomy> = {}): Promise<string> {
  const folder = temporaryFolder()
  const file = path.join(folder, name)
  writeFileSync(file, bytes)
  const thrown: unknown = await readAll(file, { limits }).then(
    () => null,
    (error: unknown) => error,
  )
  expect(thrown).toMatchObject({ code: 'ARCHIVE_INVALID' })
  // Nothing beside the archive but the folder to unpack in, and that is empty.
  expect(readdirSync(folder).sort()).toEqual([name, 'unpacked'])
  expect(readdirSync(path.join(folder, 'unpacked'))).toEqual([])
  expect(existsSync(path.join(folder, '..', 'evil.jpg'))).toBe(false)
  return (thrown as Error).message
}

describe('an archive', () => {
  it('without a catalogue has its pictures for rows', async () => {
    for (const file of await packed([
      { name: './b/2.jpg', content: '2' },
      { name: 'a/1.PNG', content: '1' },
      { name: 'read.me', content: 'x' },
      { name: '__MACOSX/._1.jpg', content: 'x' },
    ])) {
      expect(inShort(await readAll(file))).toEqual([
        ['b/2.jpg', 'b/2.jpg'],
        ['a/1.PNG', 'a/1.PNG'],
      ])
    }
  })

  it('with a catalogue has its rows, and its members for pictures, wherever in the archive they come', async () => {
    for (const file of await packed([
      { name: 'img/1.jpg', content: 'one' },
      {
        name: 'catalogue.csv',
        content: 'id,image\na,img/1.jpg\nb,./img/../img/2.jpg\nc,/etc/passwd\nd,../x\n',
      },
      { name: 'other.csv', content: 'id,image\n' },
      { name: 'img/2.jpg', content: 'two' },
    ])) {
      expect(inShort(await readAll(file))).toEqual([
        ['a', 'img/1.jpg'],
        ['b', 'img/2.jpg'],
        [4, 'c', 'DATASET_INVALID'],
        [5, 'd', 'DATASET_INVALID'],
      ])
    }
  })

  it('takes the only JSONL in its root, or in the one folder that holds all', async () => {
    const rows = '{"id":"a","image":"1.jpg"}\n{"id":"b","embedding":[1]}'
    for (const file of await packed([
      { name: 'shop/rows.jsonl', content: rows },
      { name: 'shop/1.jpg', content: 'one' },
      { name: 'shop/deep/x.csv', content: 'id,image\n' },
    ])) {
      expect(inShort(await readAll(file))).toEqual([
        ['a', 'shop/1.jpg'],
        ['b', [1]],
      ])
    }
  })

  it('gives the bytes of its members, and takes them away when it is closed', async () => {
    const content = 'x'.repeat(100_000)
    for (const file of await packed([{ name: 'a.jpg', content }])) {
      const under = path.join(path.dirname(file), 'unpacked')
      const catalogue = await openCatalogue(file, { limits: roomy, under })
      let bytes: Uint8Array | null = null
      for await (const entry of catalogue.entries()) {
        if (entry.kind === 'row' && entry.row.content.kind === 'file')
          bytes = readFileSync(entry.row.content.file)
      }
      const hash = (of: string | Uint8Array) => createHash('sha256').update(of).digest('hex')
      expect(hash(bytes ?? '')).toBe(hash(content))
      await catalogue.close()
      expect(readdirSync(under)).toEqual([])
    }
  })
})

describe('a hostile archive', () => {
  const names = {
    '../evil.jpg': /outside|invalid relative path/,
    'a/../../evil.jpg': /outside|invalid relative path/,
    '/evil.jpg': /absolute path/,
    'C:evil.jpg': /absolute/,
    'a\\..\\evil.jpg': /backslash|invalid characters/,
    'a\nb.jpg': /control/,
  }
  it.each(Object.entries(names))('is refused for the name %j', async (name, why) => {
    const members = [
      { name: 'good.jpg', content: 'x' },
      { name, content: 'x' },
    ]
    expect(await refused('a.zip', makeZip(members))).toMatch(why)
    expect(await refused('a.tar', await makeTar(members))).toMatch(why)
  })

  it('is refused for links and devices', async () => {
    expect(
      await refused('a.zip', makeZip([{ name: 'a.jpg', content: '/etc/passwd', mode: 0o120777 }])),
    ).toMatch(/a link/)
    for (const type of ['symlink', 'link'] as const) {
      expect(
        await refused('a.tar', await makeTar([{ name: 'a.jpg', type, linkname: '/etc/passwd' }])),
      ).toMatch(/a link/)
    }
    expect(await refused('a.tgz', await makeTgz([{ name: 'a.jpg', type: 'character-device' }]))).toMatch(
      /no file/,
    )
  })

  it('is refused for too many members, too large a member, too large a whole', async () => {
    const members = [1, 2, 3].map((n) => ({ name: `${n}.jpg`, content: 'x'.repeat(1000) }))
    for (const [name, bytes] of [
      ['a.zip', makeZip(members)],
      ['a.tgz', await makeTgz(members)],
    ] as const) {
      expect(await refused(name, bytes, { maxArchiveMembers: 2 })).toMatch(/more than 2 members/)
      expect(await refused(name, bytes, { maxArchiveMemberBytes: 999 })).toMatch(/member of more than 999/)
      expect(await refused(name, bytes, { maxArchiveBytes: 2500 })).toMatch(/unpacks to more than 2500/)
    }
  })

  it('is refused where it holds more than it says', async () => {
    const bomb = { name: 'a.jpg', content: Buffer.alloc(10_000_000), claimedSize: 100 }
    expect(await refused('a.zip', makeZip([bomb]))).toMatch(/damaged at a.jpg/)
    // Zeros without end after the last member, which gzip makes small.
    const zeros = Buffer.concat([await makeTar([{ name: 'a.jpg', content: 'x' }]), Buffer.alloc(64 << 20)])
    expect(await refused('a.tgz', gzipSync(zeros))).toMatch(/far more than its files/)
    // An extended header that claims half a gigabyte, which a reader would gather in memory.
    const header = (await makeTar([{ name: 'pax', content: '' }])).subarray(0, 512)
    header.write('04000000000\0', 124)
    header.write('x', 156)
    header.write('        ', 148)
    const sum = header.reduce((a, b) => a + b, 0)
    header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148)
    const pax = Buffer.concat([header, Buffer.alloc(32 << 20)])
    expect(await refused('a.tgz', gzipSync(pax))).toMatch(/cannot be read/)
  })

  it('is refused wherever a tar is cut, between two members too', async () => {
    const whole = await makeTar(
      ['a', 'b', 'c'].map((name) => ({ name: `${name}.jpg`, content: name.repeat(3000) })),
    )
    // Two blocks of zeros are its end, and one will do.
    const end = whole.length - 512
    for (let length = 0; length < end; length += length % 512 === 0 ? 100 : 512 - (length % 512)) {
      await refused('a.tar', whole.subarray(0, length))
      if (length % 3 === 0) await refused('a.tar.gz', gzipSync(whole.subarray(0, length)))
    }
  })

  it('is refused where it is cut off, damaged, encrypted, or has a name twice', async () => {
    const members = [{ name: 'a.jpg', content: 'x'.repeat(5000) }]
    await refused('a.zip', makeZip(members).subarray(0, 60))
    const tgz = await makeTgz(members)
    await refused('a.tgz', tgz.subarray(0, tgz.length - 20))
    await refused('a.tgz', Buffer.from('no gzip'))
    await refused('a.tar', (await makeTar(members)).subarray(0, 2000))
    expect(await refused('a.zip', makeZip([{ name: 'a.jpg', content: 'x', flags: 1 }]))).toMatch(/encrypted/)
    const twice = [...members, { name: './a.jpg', content: 'y' }]
    expect(await refused('a.zip', makeZip(twice))).toMatch(/two members named a.jpg/)
    expect(await refused('a.tar', await makeTar(twice))).toMatch(/two members named a.jpg/)
  })
})
