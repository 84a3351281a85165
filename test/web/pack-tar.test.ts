import { extract } from 'tar-stream'
import { expect, it } from 'vitest'
import { packTar } from '../../src/web/api/pack-tar.js'
import { planImport } from '../../src/web/api/plan-import.js'

/** What a reader of tars finds in one. */
async function unpack(tar: Blob): Promise<Record<string, string>> {
  const reader = extract()
  reader.end(Buffer.from(await tar.arrayBuffer()))
  const found: Record<string, string> = {}
  for await (const entry of reader) {
    const chunks: Buffer[] = []
    for await (const chunk of entry as AsyncIterable<Buffer>) chunks.push(chunk)
    found[entry.header.name] = Buffer.concat(chunks).toString()
  }
  return found
}

const file = (name: string, content = name) => new File([content], name)

it('files are packed so that readers of tars find each under its name, however long and in whatever script', async () => {
  const names = [
    'boot.jpg',
    'shoes/left.jpg',
    'größe/schön.png',
    `${'long/'.repeat(30)}靴.jpg`,
    `${'x'.repeat(96)}.jpg`,
    `${'x'.repeat(97)}.jpg`,
    // Lengths at which the number of digits of the pax record's length changes.
    ...[88, 89, 90, 91, 988, 989, 990, 991].map((length) => 'é' + 'y'.repeat(length)),
  ]
  const tar = packTar(
    [...names.map((name) => file(name)), file('empty', ''), file('block', 'b'.repeat(512))],
    'a.tar',
  )
  expect(tar.name).toBe('a.tar')
  expect(tar.size % 512).toBe(0)
  expect(await unpack(tar)).toEqual({
    ...Object.fromEntries(names.map((name) => [name, name])),
    empty: '',
    block: 'b'.repeat(512),
  })
})

it('an archive and a lone catalogue are sent as they are', () => {
  const zip = file('shop.ZIP')
  const csv = file('shop.csv')
  expect(planImport([zip])).toEqual([zip])
  expect(planImport([csv])).toEqual([csv])
  expect(planImport([file('.DS_Store'), csv, file('more.jsonl'), zip]).map(({ name }) => name)).toEqual([
    'shop.ZIP',
    'shop.csv',
    'more.jsonl',
  ])
})

it('pictures are packed, with the catalogue that came beside them', async () => {
  const [tar] = planImport([file('shop.csv'), file('a.jpg'), file('b.png'), file('x/._b.png')])
  expect(tar?.name).toBe('3 files.tar')
  expect(Object.keys(await unpack(tar ?? new Blob()))).toEqual(['shop.csv', 'a.jpg', 'b.png'])
  expect(planImport([file('shoes/a.jpg')]).map(({ name }) => name)).toEqual(['shoes a.jpg.tar'])
})

it('pictures of the same name are told apart', async () => {
  const [tar] = planImport([
    file('a.jpg', '1'),
    file('a.jpg', '2'),
    file('a (2).jpg', '3'),
    file('README', '4'),
    file('README', '5'),
  ])
  expect(await unpack(tar ?? new Blob())).toEqual({
    'a.jpg': '1',
    'a (2).jpg': '2',
    'a (2) (2).jpg': '3',
    README: '4',
    'README (2)': '5',
  })
})
