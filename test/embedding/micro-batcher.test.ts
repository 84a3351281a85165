import { describe, expect, test } from 'vitest'
import { MicroBatcher } from '../../src/embedding/micro-batcher.js'
import { KindredError } from '../../src/errors.js'
import { deferred, type Deferred } from '../../src/embedding/deferred.js'

type Outcome = string | KindredError

/** A batcher whose runs are seen and answered by the test, one after the other. */
function controlled(options: { maxBatch?: number; maxQueue?: number } = {}) {
  const runs: { inputs: number[]; answer: Deferred<Outcome[]> }[] = []
  const batcher = new MicroBatcher<number, string>({
    maxBatch: options.maxBatch ?? 4,
    maxQueue: options.maxQueue ?? 100,
    run(inputs) {
      const answer = deferred<Outcome[]>()
      runs.push({ inputs: [...inputs], answer })
      return answer.promise
    },
  })
  const finish = async (index: number) => {
    const run = runs[index]
    if (run === undefined) throw new Error(`run ${index} has not begun`)
    run.answer.resolve(run.inputs.map(String))
    await settled()
  }
  return { batcher, runs, finish, seen: () => runs.map(({ inputs }) => inputs) }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))
const quiet = <T>(promise: Promise<T>): Promise<T> => {
  promise.catch(() => undefined)
  return promise
}

describe('batches', () => {
  test('the first call runs at once and alone; those that come meanwhile are taken together', async () => {
    const { batcher, finish, seen } = controlled()
    const calls = [1, 2, 3].map((n) => batcher.submit([n]))
    expect(seen()).toEqual([[1]])
    await finish(0)
    expect(seen()).toEqual([[1], [2, 3]])
    await finish(1)
    expect(await Promise.all(calls)).toEqual([['1'], ['2'], ['3']])
  })

  test('never exceed maxBatch, and a large call spans several, its outputs in order', async () => {
    const { batcher, finish, seen } = controlled({ maxBatch: 3 })
    const large = batcher.submit([1, 2, 3, 4, 5, 6, 7])
    const small = batcher.submit([8])
    await finish(0)
    await finish(1)
    await finish(2)
    expect(seen()).toEqual([
      [1, 2, 3],
      [4, 5, 6],
      [7, 8],
    ])
    expect(await large).toEqual(['1', '2', '3', '4', '5', '6', '7'])
    expect(await small).toEqual(['8'])
  })

  test('an empty call is answered without a run', async () => {
    const { batcher, seen } = controlled()
    expect(await batcher.submit([])).toEqual([])
    expect(seen()).toEqual([])
  })

  test('an idle batcher starts again', async () => {
    const { batcher, finish } = controlled()
    for (let n = 0; n < 5; n++) {
      const call = batcher.submit([n])
      await finish(n)
      expect(await call).toEqual([String(n)])
    }
  })
})

describe('failures', () => {
  test('an input without an output fails its own call alone, and drops what that call still had waiting', async () => {
    const { batcher, runs, finish, seen } = controlled({ maxBatch: 2 })
    const bad = quiet(batcher.submit([1, 2, 3, 4]))
    const good = batcher.submit([5])
    runs[0]?.answer.resolve(['1', new KindredError('EMBEDDER_FAILED', 'no direction')])
    await expect(bad).rejects.toThrow('no direction')
    await settled()
    expect(seen()).toEqual([[1, 2], [5]])
    await finish(1)
    expect(await good).toEqual(['5'])
  })

  test('a run that throws fails the calls in it; those that wait get the next run', async () => {
    const { batcher, runs, finish } = controlled({ maxBatch: 1 })
    const first = quiet(batcher.submit([1]))
    const second = batcher.submit([2])
    runs[0]?.answer.reject(new KindredError('EMBEDDER_FAILED', 'crash'))
    await expect(first).rejects.toThrow('crash')
    await settled()
    await finish(1)
    expect(await second).toEqual(['2'])
  })

  test('a run with too few outputs is a failure, not a wrong answer', async () => {
    const { batcher, runs } = controlled()
    const call = quiet(batcher.submit([1, 2]))
    runs[0]?.answer.resolve(['1'])
    await expect(call).rejects.toMatchObject({ code: 'EMBEDDER_FAILED' })
  })
})

describe('an abort', () => {
  test('before the call keeps it out', async () => {
    const { batcher, seen } = controlled()
    const reason = new Error('gone')
    await expect(batcher.submit([1], AbortSignal.abort(reason))).rejects.toBe(reason)
    expect(seen()).toEqual([])
  })

  test('while waiting drops the input before it is embedded and answers at once with the reason', async () => {
    const { batcher, finish, seen } = controlled()
    const controller = new AbortController()
    const first = batcher.submit([1])
    const dropped = quiet(batcher.submit([2], controller.signal))
    const third = batcher.submit([3])
    const reason = new Error('client went away')
    controller.abort(reason)
    await expect(dropped).rejects.toBe(reason)
    expect(batcher.waiting).toBe(1)
    await finish(0)
    await finish(1)
    expect(seen()).toEqual([[1], [3]])
    expect(await Promise.all([first, third])).toEqual([['1'], ['3']])
  })

  test('during a run frees the caller, drops the rest, and harms nobody else in the run', async () => {
    const { batcher, finish, seen } = controlled({ maxBatch: 3 })
    const controller = new AbortController()
    const head = batcher.submit([0])
    const aborted = quiet(batcher.submit([1, 2, 3, 4, 5], controller.signal))
    const other = batcher.submit([6])
    await finish(0)
    controller.abort()
    await expect(aborted).rejects.toMatchObject({ name: 'AbortError' })
    await finish(1)
    await finish(2)
    expect(seen()).toEqual([[0], [1, 2, 3], [6]])
    expect(await Promise.all([head, other])).toEqual([['0'], ['6']])
  })

  test('after the answer does nothing, and no listener stays on a signal that outlives the call', async () => {
    const { batcher, finish } = controlled()
    const controller = new AbortController()
    const listeners = countListeners(controller.signal)
    const call = batcher.submit([1], controller.signal)
    expect(listeners()).toBe(1)
    await finish(0)
    expect(await call).toEqual(['1'])
    expect(listeners()).toBe(0)
    controller.abort()
  })
})

describe('a full queue', () => {
  test('refuses with EMBEDDER_BUSY and takes calls again when there is room', async () => {
    const { batcher, finish } = controlled({ maxBatch: 2, maxQueue: 2 })
    const accepted = [batcher.submit([1]), batcher.submit([2]), batcher.submit([3])]
    await expect(batcher.submit([4])).rejects.toMatchObject({ code: 'EMBEDDER_BUSY', status: 503 })
    await finish(0)
    accepted.push(batcher.submit([5]))
    await finish(1)
    await finish(2)
    expect(await Promise.all(accepted)).toEqual([['1'], ['2'], ['3'], ['5']])
  })

  test('takes a call larger than itself when nothing waits', async () => {
    const { batcher, finish } = controlled({ maxBatch: 4, maxQueue: 2 })
    const call = batcher.submit([1, 2, 3, 4])
    await finish(0)
    expect(await call).toHaveLength(4)
  })
})

describe('close', () => {
  test('finishes what was accepted and refuses what comes after', async () => {
    const { batcher, finish } = controlled()
    const calls = [batcher.submit([1]), batcher.submit([2])]
    let closed = false
    const closing = batcher.close().then(() => (closed = true))
    await expect(batcher.submit([3])).rejects.toMatchObject({ code: 'EMBEDDER_CLOSED' })
    await finish(0)
    expect(closed).toBe(false)
    await finish(1)
    await closing
    expect(await Promise.all(calls)).toEqual([['1'], ['2']])
    await batcher.close()
  })
})

function countListeners(signal: AbortSignal): () => number {
  let count = 0
  const add = signal.addEventListener.bind(signal)
  const remove = signal.removeEventListener.bind(signal)
  signal.addEventListener = (...args: Parameters<typeof add>) => {
    count += 1
    add(...args)
  }
  signal.removeEventListener = (...args: Parameters<typeof remove>) => {
    count -= 1
    remove(...args)
  }
  return () => count
}
