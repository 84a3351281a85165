import { describe, expect, it } from 'vitest'
import { createRandom } from '../../src/datasets/random.js'
import { resolveObjective, type Objective, type ObjectiveSettings } from '../../src/losses/objective.js'
import { tf } from '../../src/tensors/tensorflow.js'
import { randomMatrix } from './check-loss.js'
import { plainObjective, tinyObjective } from './tiny-objective.js'

const resolve = (over: Partial<ObjectiveSettings>) => resolveObjective({ ...plainObjective, ...over })
const labels = Int32Array.of(0, 0, 1, 1, 2, 2)
const [student, teacher] = [randomMatrix(createRandom(1), 6, 4), randomMatrix(createRandom(2), 6, 4)]

const valueOf = (objective: Objective, progress: number, seed = 1) =>
  tf.tidy(() => {
    const { total, parts } = objective.value({
      embeddings: tf.tensor2d(student),
      labels,
      teacher: tf.tensor2d(teacher),
      progress,
      random: (purpose) => createRandom(seed + purpose.length),
    })
    return {
      total: total.dataSync()[0] ?? NaN,
      parts: Object.fromEntries([...parts].map(([name, part]) => [name, part.dataSync()[0] ?? NaN])),
    }
  })
const once = (over: Partial<ObjectiveSettings>, progress: number) => {
  const objective = tinyObjective(over)
  const value = valueOf(objective, progress)
  objective.dispose()
  return value
}
const refused = (over: Partial<ObjectiveSettings>, text: string): void => {
  expect(() => resolve(over)).toThrow(
    expect.objectContaining({ code: 'INVALID_SETTING', message: expect.stringContaining(text) as string }),
  )
}

describe('what training asks for', () => {
  it('has every default filled in', () => {
    expect(resolve({ regularize: { lsd: null, ghm: 2 }, regularizerParams: { lsd: { tau: 2 } } })).toEqual({
      loss: { name: 'contrastive', params: { posMargin: 0, negMargin: 1 } },
      distance: { name: 'euclidean', params: {} },
      regularisers: [
        { name: 'lsd', weight: 100, params: { tau: 2 } },
        { name: 'ghm', weight: 2, params: { lambda: 0.5, temperature: 1, divergence: 'js', margin: 0.5 } },
      ],
    })
  })

  it('halves margins with the hybrid distance, unless they are given', () => {
    expect(resolve({ distance: 'ghm:0.3' }).loss.params).toEqual({ posMargin: 0, negMargin: 0.5 })
    expect(resolve({ loss: 'margin', distance: 'ghm' }).loss.params).toEqual({ margin: 0.1, beta: 0.6 })
    expect(resolve({ distance: 'ghm', lossParams: { negMargin: 0.9 } }).loss.params).toMatchObject({
      negMargin: 0.9,
    })
    expect(resolve({ loss: 'triplet', distance: 'ghm' }).loss.params).toMatchObject({ margin: 0.1 })
  })

  it('takes lambda from behind the colon and the rest from parameters', () => {
    const distanceParams = { divergence: 'hellinger' }
    expect(resolve({ distance: 'ghm:0.3', distanceParams }).distance).toEqual({
      name: 'ghm',
      params: { lambda: 0.3, temperature: 1, divergence: 'hellinger' },
    })
  })

  it.each<[string, Partial<ObjectiveSettings>, string]>([
    ['an unknown distance', { distance: 'cosine' }, 'Unknown distance "cosine"'],
    ['a lambda beyond 1', { distance: 'ghm:2' }, 'a number from 0 to 1'],
    ['a lambda that is no number', { distance: 'ghm:half' }, 'a number from 0 to 1'],
    ['a lambda that is missing', { distance: 'ghm:' }, 'a number from 0 to 1'],
    ['more than a lambda', { distance: 'ghm:0.5:js' }, 'a number from 0 to 1'],
    [
      'half a neighbour',
      { regularize: { ranking: 1 }, regularizerParams: { ranking: { n: 2.5 } } },
      'a whole number from 2',
    ],
    ['a lambda of the Euclidean distance', { distance: 'euclidean:1' }, 'lambda'],
    ['a distance for a loss without one', { loss: 'supcon', distance: 'ghm' }, 'takes no distance'],
    ['an unknown parameter', { lossParams: { alpha: 1 } }, 'Unknown parameters of contrastive: alpha'],
    ['text for a number', { lossParams: { negMargin: 'big' } }, 'a number for contrastive negMargin'],
    ['a number that is too small', { loss: 'supcon', lossParams: { temperature: 0 } }, 'temperature'],
    ['a choice that is none', { loss: 'triplet', lossParams: { mining: 'hard' } }, 'one of all, semi-hard'],
    [
      'a switch that is a number',
      { regularize: { ranking: 1 }, regularizerParams: { ranking: { normalize: 1 } } },
      'true or false',
    ],
    ['an unknown regulariser', { regularize: { lds: 1 } }, 'Unknown regulariser "lds"'],
    [
      'an unknown parameter of one',
      { regularize: { lsd: 1 }, regularizerParams: { lsd: { t: 1 } } },
      'of lsd: t',
    ],
    ['parameters of one not asked for', { regularizerParams: { lsd: { tau: 1 } } }, 'not asked for: lsd'],
  ])('refuses %s', (_, over, text) => {
    refused(over, text)
  })
})

describe('a loss with regularisers', () => {
  const all = { regularize: { lsd: 10, ranking: 0.5, ghm: 2 } }

  it('is the sum of its parts', () => {
    const { total, parts } = once(all, 0.5)
    expect(Object.keys(parts)).toEqual(['base', 'lsd', 'ranking', 'ghm'])
    expect(total).toBeCloseTo(
      Object.values(parts).reduce((a, b) => a + b),
      5,
    )
  })

  it('weighs each part, and lsd by the share of epochs that are done', () => {
    const light = once({ regularize: { lsd: 1, ranking: 1, ghm: 1 } }, 1).parts
    const heavy = once(all, 0.5).parts
    expect(heavy['lsd']).toBeCloseTo(5 * (light['lsd'] ?? NaN), 5)
    expect(heavy['ranking']).toBeCloseTo(0.5 * (light['ranking'] ?? NaN), 5)
    expect(heavy['ghm']).toBeCloseTo(2 * (light['ghm'] ?? NaN), 5)
  })

  it('needs a teacher once lsd weighs something', () => {
    const objective = tinyObjective(all)
    expect([0, 0.1, 1].map((progress) => objective.needsTeacher(progress))).toEqual([false, true, true])
    expect(Object.keys(valueOf(objective, 0).parts)).not.toContain('lsd')
    objective.dispose()
    const without = tinyObjective({ regularize: { ranking: 1 } })
    expect(without.needsTeacher(1)).toBe(false)
    without.dispose()
  })

  it('changes nothing for the base loss: neither what it starts from nor what it draws', () => {
    for (const over of [
      { loss: 'proxy-anchor' },
      { loss: 'triplet', lossParams: { mining: 'distance-weighted' } },
    ]) {
      expect(once({ ...over, ...all }, 0.5).parts['base']).toBe(once(over, 0.5).total)
    }
  })

  it('ranks by the proxies of the base loss where it has them', () => {
    const objective = tinyObjective({
      loss: 'proxy-anchor',
      regularize: { ranking: 1 },
      regularizerParams: { ranking: { g: -1000 } },
    })
    const before = valueOf(objective, 0).parts['ranking']
    const proxies = objective.variables.get('proxies')
    tf.tidy(() => proxies?.assign(tf.neg(proxies)))
    expect(valueOf(objective, 0).parts['ranking']).not.toBeCloseTo(before ?? NaN, 2)
    expect([...objective.variables.keys()]).toEqual([
      'proxies',
      'ranking.projector.weight',
      'ranking.projector.bias',
    ])
    objective.dispose()
  })
})
