import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { evaluateCase } from '../../scripts/check-goldens/evaluate-case.js'
import { readGoldenCases, type GoldenCase } from '../../scripts/check-goldens/golden-file.js'
import { describeWithShared, sharedPath } from '../support/shared.js'
import { temporaryFolder } from '../support/temporary-folder.js'

describeWithShared('losses against reference values', ['golden/losses.json'], () => {
  const cases = readGoldenCases(sharedPath('golden'))
  it.each(cases.map((golden) => [`${golden.loss} ${JSON.stringify(golden.params)}`, golden] as const))(
    '%s: value and gradients within 1e-5',
    (_, golden) => {
      const { value, gradients } = evaluateCase(golden)
      expect(Object.keys(gradients)).toEqual(Object.keys(golden.gradients))
      for (const error of [value, ...Object.values(gradients)]) expect(error).toBeLessThanOrEqual(1e-5)
    },
  )
})

describe('a reference case', () => {
  const supcon: GoldenCase = {
    loss: 'supcon',
    params: { temperature: 1 },
    labels: [0, 0, 1],
    value: Math.log(1 + Math.exp(-1)),
    inputs: {
      embeddings: [
        [1, 0],
        [1, 0],
        [0, 1],
      ],
    },
    gradients: {
      embeddings: [
        [0, 0],
        [0, 0],
        [0, 0],
      ],
    },
  }

  it('is measured against its value and by the largest entry of its gradient', () => {
    const { value, gradients } = evaluateCase({ ...supcon, gradients: {}, value: 2 * supcon.value })
    expect(value).toBeCloseTo(0.5, 6)
    expect(gradients).toEqual({})
    // Any gradient is endlessly far from one of zeros.
    expect(evaluateCase(supcon).gradients['embeddings']).toBe(Infinity)
  })

  it.each<[string, Partial<GoldenCase>, RegExp]>([
    ['an unknown loss', { loss: 'supcom' }, /Unknown loss supcom; known: .*supcon/],
    ['a parameter that nothing reads', { params: { temperature: 1, beta2: 3 } }, /does not use beta2/],
    [
      'an input that nothing reads',
      { inputs: { ...supcon.inputs, proxies: [[1, 0]] } },
      /does not use proxies/,
    ],
    ['a parameter that is missing', { params: {} }, /lacks temperature/],
    ['a gradient by what is not there', { gradients: { proxies: [[1, 0]] } }, /lacks proxies/],
  ])('is not passed over with %s', (_, over, message) => {
    expect(() => evaluateCase({ ...supcon, ...over })).toThrow(message)
  })

  it('is read from a folder', () => {
    const folder = temporaryFolder()
    expect(() => readGoldenCases(folder)).toThrow(/cannot be read/)
    const file = path.join(folder, 'losses.json')
    writeFileSync(file, '{"cases": []}')
    expect(() => readGoldenCases(folder)).toThrow(/no cases/)
    const { inputs, loss, params, labels, value } = supcon
    const written = { loss, params, labels, value, ...inputs, grad_embeddings: [[1]], note: 'a' }
    writeFileSync(file, JSON.stringify({ cases: [written] }))
    expect(readGoldenCases(folder)).toEqual([{ ...supcon, gradients: { embeddings: [[1]] } }])
  })
})
