import { describe, expect, it } from 'vitest'
import { checkDeterministic, makeDeterministic } from '../../src/tensors/determinism.js'

describe('determinism', () => {
  it('is what makeDeterministic sets, and nothing less', () => {
    const env: Record<string, string | undefined> = { OMP_NUM_THREADS: '8', PATH: '/bin' }
    const check = (): void => {
      checkDeterministic(env)
    }
    expect(check).toThrow(/loaded for it/)
    makeDeterministic(env)
    expect(check).not.toThrow()
    expect(env['PATH']).toBe('/bin')
    env['TF_NUM_INTRAOP_THREADS'] = '2'
    expect(check).toThrow(
      expect.objectContaining({
        code: 'INVALID_SETTING',
        hint: expect.stringContaining('INTRAOP') as string,
      }),
    )
  })
})
