import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { indexCommand } from '../../src/cli/index-command.js'
import { searchCommand } from '../../src/cli/search.js'
import { run } from './run.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const root = temporaryFolder()
const where = ['--collection', 'shop', '--store', path.join(root, 'store')]
const search = (...args: string[]) => run(searchCommand(), '--like', 'seen', ...where, ...args)

beforeAll(async () => {
  const rows = [
    { id: 'seen', embedding: [1, 0] },
    { id: 'boot-1', embedding: [10, 1], group: 'boot', colour: 'brown' },
    { id: 'boot-2', embedding: [10, 2], group: 'boot', colour: 'brown' },
    { id: 'lone', embedding: [10, 3], colour: 'black' },
    { id: 'boot-3', embedding: [10, 4], group: 'boot', colour: 'black' },
    { id: 'clog-1', embedding: [10, 5], group: 'clog', colour: 'brown' },
  ]
  const source = path.join(root, 'rows.jsonl')
  writeFileSync(source, rows.map((row) => JSON.stringify(row)).join('\n'))
  await run(indexCommand(), source, ...where)
})

it('prints each group with its best items below its name, and lone items as ever', async () => {
  const { out } = await search('--group-by', 'group', '--group-size', '2')
  expect(out.split('\n')).toEqual([
    'boot',
    '  0.995  boot-1  (colour: brown)',
    '  0.981  boot-2  (colour: brown)',
    '0.958  lone  (colour: black)',
    'clog',
    '  0.894  clog-1  (colour: brown)',
    '3 results of 5 items',
    '',
  ])
})

it('groups by a metadata field, three items each unless told, and counts groups with --k', async () => {
  const { out } = await search('--group-by', 'colour', '--k', '1')
  expect(out.split('\n')).toEqual([
    'brown',
    '  0.995  boot-1  (group: boot, colour: brown)',
    '  0.981  boot-2  (group: boot, colour: brown)',
    '  0.894  clog-1  (group: clog, colour: brown)',
    '1 result of 5 items',
    '',
  ])
})

it('says behind which group, or lone item, others stand', async () => {
  const { out } = await search('--group-by', 'group', '--group-size', '1', '--collapse', '0.97')
  expect(out).toContain('boot  and 1 like it\n  0.995  boot-1')
  const lone = await search('--group-by', 'size', '--group-size', '1', '--collapse', '0.97')
  expect(lone.out).toMatch(/^0\.995 {2}boot-1 {2}and \d like it {2}\(group: boot/)
})

it('gives --json groups the fields that those of the API have', async () => {
  const { out } = await search('--group-by', 'group', '--k', '2', '--group-size', '1', '--json')
  expect(JSON.parse(out)).toMatchObject({
    total: 5,
    results: [
      {
        group: 'boot',
        id: 'boot-1',
        score: expect.closeTo(0.995, 3) as number,
        items: [{ id: 'boot-1', group: 'boot', metadata: { colour: 'brown' } }],
      },
      { group: null, id: 'lone', items: [{ id: 'lone', group: null }] },
    ],
  })
  const { results } = JSON.parse(out) as { results: object[] }
  expect(Object.keys(results[0] ?? {}).sort()).toEqual(['group', 'id', 'items', 'score'])
})

it.each([
  [['--group-size', '2'], /--group-size belongs to --group-by/],
  [['--group-by', ''], /group or a metadata field/],
])('refuses %j', async (flags, words) => {
  await expect(search(...flags)).rejects.toMatchObject({
    code: 'INVALID_ARGUMENT',
    message: expect.stringMatching(words) as string,
  })
})

it.each(['0', '101', 'many'])('takes no group size of %s', async (size) => {
  await expect(search('--group-by', 'group', '--group-size', size)).rejects.toThrow(/1 to 100/)
})
