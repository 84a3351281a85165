import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { errorRegistry, type ErrorCode } from '../src/errors.js'

/** What no answer, no job and no row of a job can be told by: it happens at the start of a server, or far from any. */
const neverOverHttp: readonly ErrorCode[] = [
  'INTERRUPTED',
  'INVALID_SETTING',
  'MODEL_CORRUPT',
  'MODEL_UNSUITABLE',
  'STORE_LOCKED',
  'WEIGHTS_INVALID',
  'DOWNLOAD_FAILED',
  'CACHE_FAILED',
  'TRAINING_DIVERGED',
  'EXPORT_MISMATCH',
  'TENSORFLOW_MISSING',
  'TENSORFLOW_SETUP',
  'SERVER_UNREACHABLE',
  'KEY_NOT_FOUND',
  'KEYS_NEEDED',
]

/** What a test expects: errors that it makes are left out, since to throw a code is not to expect it. */
const expectedIn = (source: string): string => source.replaceAll(/KindredError\(\s*'[A-Z_]+'/g, '')

/** What the tests in a folder of test/ expect, as text. */
function testsIn(folder: string): string {
  const root = path.join(import.meta.dirname, folder)
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.test.ts') && name !== path.basename(import.meta.filename))
    .map((name) => expectedIn(readFileSync(path.join(root, name), 'utf8')))
    .join('\n')
}

const codes = Object.keys(errorRegistry) as ErrorCode[]
const without = (tests: string, wanted: readonly ErrorCode[]): ErrorCode[] =>
  wanted.filter((code) => !tests.includes(`'${code}'`))

it('every error code is expected by a test', () => {
  expect(without(testsIn('.'), codes)).toEqual([])
})

it('every error code that HTTP can tell is expected by a test of the server', () => {
  const overHttp = codes.filter((code) => !neverOverHttp.includes(code))
  expect(without(testsIn('server'), overHttp)).toEqual([])
})

it('a code that a test only throws, or only speaks of, is not expected by it', () => {
  const source =
    "throw new KindredError(\n'EMBEDDER_BUSY', 'IMAGE_EMPTY is another')\nexpect(code).toBe('JOBS_FULL')"
  const wanted = ['EMBEDDER_BUSY', 'IMAGE_EMPTY', 'JOBS_FULL'] as const
  expect(without(expectedIn(source), wanted)).toEqual(['EMBEDDER_BUSY', 'IMAGE_EMPTY'])
})
