import { describe, expect, it } from 'vitest'
import type { Gallery } from '../../../src/bench/live/retrieval/gallery.js'
import { judge } from '../../../src/bench/live/retrieval/judge.js'

const gallery: Gallery = {
  labels: new Map([
    ['a', ['boot']],
    ['a-again', ['boot']],
    ['b', ['boot', 'red']],
    ['c', ['hat']],
  ]),
  byLabel: new Map([
    ['boot', ['a', 'a-again', 'b']],
    ['red', ['b']],
    ['hat', ['c']],
  ]),
  byHash: new Map([
    ['11', ['a', 'a-again']],
    ['22', ['b']],
    ['33', ['c']],
  ]),
  lines: [],
}
const ids = (set: ReadonlySet<string>): string[] => [...set].sort()

describe('what is right for a query', () => {
  const query = { id: 'photo.jpg', asks: { picture: { path: '/photo.jpg' } }, label: 'boot', relevant: null }

  it('is every item of its class, one value of several counting too', () => {
    expect(ids(judge(query, '99', gallery, 'id-or-hash').right)).toEqual(['a', 'a-again', 'b'])
    expect(ids(judge({ ...query, label: 'red' }, '99', gallery, 'id-or-hash').right)).toEqual(['b'])
    expect(judge({ ...query, label: null }, '99', gallery, 'id-or-hash').right.size).toBe(0)
  })

  it('is never its own picture, known by its id or by its content', () => {
    const same = judge(query, '11', gallery, 'id-or-hash')
    expect([ids(same.own), ids(same.right)]).toEqual([['a', 'a-again'], ['b']])
    const named = judge({ ...query, id: 'b' }, '99', gallery, 'id-or-hash')
    expect([ids(named.own), ids(named.right)]).toEqual([['b'], ['a', 'a-again']])
    const byId = judge({ ...query, id: 'a' }, '11', gallery, 'id')
    expect([ids(byId.own), ids(byId.right)]).toEqual([['a'], ['a-again', 'b']])
    const item = judge({ ...query, asks: { itemId: 'c' }, label: 'hat' }, null, gallery, 'id-or-hash')
    expect([ids(item.own), item.right.size]).toEqual([['c'], 0])
  })

  it('is what the truth names, as far as the collection has it', () => {
    const named = judge({ ...query, relevant: ['c', 'gone', 'a'] }, '11', gallery, 'id-or-hash')
    expect([ids(named.right), named.absent]).toEqual([['c'], 1])
  })
})
