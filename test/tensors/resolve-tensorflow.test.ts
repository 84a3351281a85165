import { describe, expect, it } from 'vitest'
import { candidates, resolveTensorflow, type Candidate } from '../../src/tensors/resolve-tensorflow.js'
import { fakeBuild } from './setup/fake-build.js'
import { temporaryFolder } from '../support/temporary-folder.js'

const tfjs = (name: string): object => ({ name, matMul: () => undefined, customGrad: () => undefined })
const loads = (name: string): Candidate => ({ name, load: () => tfjs(name) })
const fails = (name: string, message: string): Candidate => ({
  name,
  load: () => {
    throw new Error(message)
  },
})

describe('resolveTensorflow', () => {
  it('takes the first that loads and does not touch the rest', () => {
    const untouched: Candidate = {
      name: 'c',
      load: () => {
        throw new Error('was loaded')
      },
    }
    expect(resolveTensorflow([fails('a', 'no'), loads('b'), untouched])).toMatchObject({ name: 'b' })
  })

  it('passes over what loads but is not tfjs', () => {
    expect(resolveTensorflow([{ name: 'a', load: () => ({}) }, loads('b')])).toMatchObject({ name: 'b' })
  })

  it('says of each candidate why it did not load, and what to run', () => {
    const choices = [fails('a', 'libcudart is missing\nstack'), fails('b', 'not installed')]
    expect(() => resolveTensorflow(choices)).toThrow(
      expect.objectContaining({
        code: 'TENSORFLOW_MISSING',
        hint: 'Run: npm run setup:tensorflow',
        message: expect.stringContaining('a: libcudart is missing; b: not installed') as string,
      }) as Error,
    )
  })
})

describe('candidates', () => {
  it('puts the copy that the set-up built before those the user installed', async () => {
    const env = { KINDRED_CACHE: temporaryFolder() }
    const folder = await fakeBuild(env, 'cpu')
    expect(candidates(env).map(({ name }) => name)).toEqual([
      folder,
      '@tensorflow/tfjs-node-gpu',
      '@tensorflow/tfjs-node',
    ])
  })

  it('leaves out a build that was not finished', async () => {
    const env = { KINDRED_CACHE: temporaryFolder() }
    await fakeBuild(env, 'cpu', { stamped: false })
    expect(candidates(env).map(({ name }) => name)).toEqual([
      '@tensorflow/tfjs-node-gpu',
      '@tensorflow/tfjs-node',
    ])
  })
})
