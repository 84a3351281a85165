import { execFile } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'
import { temporaryFolder } from './support/temporary-folder.js'

const bundle = path.resolve(import.meta.dirname, '../models/imagenet')

// Without the native guard the process aborts (signal SIGABRT) in about every second of these; where one native call of
// a collection's thread was left out of it, in about every third that builds.
test.each([
  ['exit-while-embedding.ts', bundle, '15'],
  ['exit-while-embedding.ts', bundle, '70'],
  ['exit-while-building.ts', temporaryFolder(), '0'],
  ['exit-while-building.ts', temporaryFolder(), '20'],
  ['exit-while-building.ts', temporaryFolder(), '40'],
  ['exit-while-building.ts', temporaryFolder(), '60'],
])('process.exit in the middle of native work ends with its own code: %s', async (program, ...rest) => {
  const ended = await new Promise<{ code: unknown; signal: unknown; stderr: string }>((resolve) => {
    const args = ['--import', 'tsx', path.join(import.meta.dirname, 'support', program), ...rest]
    execFile(process.execPath, args, { timeout: 50_000 }, (error, _stdout, stderr) => {
      resolve({ code: error?.code, signal: error?.signal, stderr })
    })
  })
  expect(ended).toEqual({ code: 3, signal: null, stderr: '' })
})
