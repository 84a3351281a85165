import { execFile } from 'node:child_process'
import path from 'node:path'
import { expect, test } from 'vitest'

const program = path.resolve(import.meta.dirname, '../support/exit-while-embedding.ts')
const bundle = path.resolve(import.meta.dirname, '../../models/imagenet')

// Without the native guard the process aborts (signal SIGABRT) in about every second of these.
test.each([15, 70])('process.exit %i ms into a run ends with its own code', async (milliseconds) => {
  const ended = await new Promise<{ code: unknown; signal: unknown; stderr: string }>((resolve) => {
    const args = ['--import', 'tsx', program, bundle, String(milliseconds)]
    execFile(process.execPath, args, { timeout: 50_000 }, (error, _stdout, stderr) => {
      resolve({ code: error?.code, signal: error?.signal, stderr })
    })
  })
  expect(ended).toEqual({ code: 3, signal: null, stderr: '' })
})
