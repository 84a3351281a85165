import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deferred, type Deferred } from '../../../src/embedding/deferred.js'
import { PictureQueue } from '../../../src/server/load/picture-queue.js'

const never = new AbortController().signal
const settled = () => new Promise((resolve) => setImmediate(resolve))
const quiet = <T>(promise: Promise<T>): Promise<T> => {
  promise.catch(() => undefined)
  return promise
}

/** Work that the test sees begin and ends itself. */
function controlled(limits: { atOnce: number; waiting: number }) {
  const queue = new PictureQueue(limits)
  const begun = new Map<string, Deferred<string>>()
  const work = (name: string) => () => {
    const end = deferred<string>()
    begun.set(name, end)
    return end.promise
  }
  const start = (names: readonly string[], signal = never) => quiet(queue.run(names.map(work), signal))
  const finish = async (name: string) => {
    begun.get(name)?.resolve(name)
    await settled()
  }
  return { queue, begun, start, finish, seen: () => [...begun.keys()] }
}

describe('the line for pictures', () => {
  it('works on so many at once, the others in the order in which they came', async () => {
    const { queue, start, finish, seen } = controlled({ atOnce: 2, waiting: 10 })
    const answers = ['a', 'b', 'c', 'd'].map((name) => start([name]))
    await settled()
    expect(seen()).toEqual(['a', 'b'])
    expect([queue.running, queue.waiting]).toEqual([2, 2])
    await finish('b')
    expect(seen()).toEqual(['a', 'b', 'c'])
    for (const name of ['a', 'c', 'd']) await finish(name)
    expect(await Promise.all(answers)).toEqual([['a'], ['b'], ['c'], ['d']])
    expect([queue.running, queue.waiting]).toEqual([0, 0])
  })

  it('refuses at once when it is full, and takes more when there is room', async () => {
    const { queue, start, finish } = controlled({ atOnce: 1, waiting: 2 })
    const taken = [start(['a']), start(['b']), start(['c'])]
    await expect(start(['d'])).rejects.toMatchObject({ code: 'OVERLOADED', status: 503 })
    expect(queue.refusal()?.message).toBe('2 pictures wait for their turn, and 2 may')
    await finish('a')
    taken.push(start(['e']))
    for (const name of ['b', 'c', 'e']) await finish(name)
    expect(await Promise.all(taken)).toEqual([['a'], ['b'], ['c'], ['e']])
  })

  it('may have no room to wait at all', async () => {
    const { start, finish } = controlled({ atOnce: 1, waiting: 0 })
    const first = start(['a'])
    await expect(start(['b'])).rejects.toMatchObject({ code: 'OVERLOADED' })
    await finish('a')
    expect(await first).toEqual(['a'])
  })

  it('takes a request of more pictures than fit where nobody waits', async () => {
    const { start, finish } = controlled({ atOnce: 1, waiting: 1 })
    const many = start(['a', 'b', 'c'])
    await expect(start(['d'])).rejects.toMatchObject({ code: 'OVERLOADED' })
    for (const name of ['a', 'b', 'c']) await finish(name)
    expect(await many).toEqual(['a', 'b', 'c'])
  })

  it('never works for a client that left while it waited', async () => {
    const { queue, start, finish, seen } = controlled({ atOnce: 1, waiting: 5 })
    const client = new AbortController()
    const first = start(['a'])
    const gone = start(['b'], client.signal)
    const third = start(['c'])
    const reason = new Error('left')
    client.abort(reason)
    await expect(gone).rejects.toBe(reason)
    expect(queue.waiting).toBe(1)
    await finish('a')
    await finish('c')
    expect(seen()).toEqual(['a', 'c'])
    expect(await Promise.all([first, third])).toEqual([['a'], ['c']])
  })

  it('drops what a request still has waiting when one of its pictures fails', async () => {
    const { queue, begun, start, seen } = controlled({ atOnce: 1, waiting: 5 })
    const many = start(['a', 'b', 'c'])
    await settled()
    begun.get('a')?.reject(new Error('broken'))
    await expect(many).rejects.toThrow('broken')
    await settled()
    // The place was handed to b before the failure was known; no later one begins.
    expect(seen()).not.toContain('c')
    begun.get('b')?.resolve('b')
    await settled()
    expect([queue.running, queue.waiting]).toEqual([0, 0])
  })

  it('keeps its bounds and answers everyone, whatever happens in which order', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 3 }),
        fc.integer({ min: 1, max: 4 }),
        fc.array(
          fc.record({ size: fc.integer({ min: 1, max: 3 }), fate: fc.constantFrom('ok', 'fail', 'leave') }),
          {
            maxLength: 20,
          },
        ),
        async (atOnce, waiting, requests) => {
          const queue = new PictureQueue({ atOnce, waiting })
          let working = 0
          const outcomes = requests.map(async ({ size, fate }) => {
            const client = new AbortController()
            const works = Array.from({ length: size }, () => async () => {
              working++
              expect(working).toBeLessThanOrEqual(atOnce)
              await settled()
              working--
              if (fate === 'fail') throw new Error('broken')
              return 1
            })
            const answer = queue.run(works, client.signal)
            if (fate === 'leave') client.abort(new Error('left'))
            return answer.then(
              () => 'ok',
              () => 'refused',
            )
          })
          await Promise.all(outcomes)
          while (queue.running > 0) await settled()
          expect(queue.waiting).toBe(0)
          expect(working).toBe(0)
        },
      ),
      { numRuns: 50 },
    )
  })
})
