import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'

const root = mkdtempSync(path.join(tmpdir(), 'kindred-main-'))
afterAll(() => {
  rmSync(root, { recursive: true, force: true })
})

/** The program in a process of its own, as it is typed. */
const kindred = (...args: string[]): Promise<{ code: number; out: string; err: string }> =>
  new Promise((resolve) => {
    const program = ['--import', 'tsx', 'src/cli/main.ts', ...args]
    const child = execFile(process.execPath, program, (_, out, err) => {
      resolve({ code: child.exitCode ?? -1, out, err })
    })
  })

const query = { id: 'a', label: null, contentHash: null, recall: { 1: 1 }, rPrecision: 1, mapAtR: 1 }
const run = {
  format: 'kindred-bench',
  version: 1,
  client: { kindred: '1', node: '20', processor: 'x', cores: 2 },
  server: { version: null },
  collection: { model: null, hnsw: {} },
  data: { queriesHash: 'x', galleryHash: null },
  settings: { ef: null },
  retrieval: { queries: [query] },
  load: null,
}

describe('the command line', () => {
  it('gives a flag to the command that it follows, also where the one above has it', async () => {
    const file = path.join(root, 'run.json')
    writeFileSync(file, JSON.stringify(run))
    const { code, out, err } = await kindred('bench', 'compare', file, file, '--json', '--seed', '3')
    expect(err).toBe('')
    expect(code).toBe(0)
    expect(JSON.parse(out)).toMatchObject({ queries: 1, regressions: [] })
  })
})
