import { execFile } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { setUpSchemathesis } from './set-up-schemathesis.js'

/** What whoever runs the check is told first, whatever went wrong. */
const needs =
  /^schemathesis could not be set up \(it needs python3 of 3\.10 or later with venv and pip, and the first time a package index\):\n/

let cache: string
beforeEach(() => {
  cache = mkdtempSync(path.join(tmpdir(), 'kindred-schemathesis-'))
})
afterEach(() => {
  rmSync(cache, { recursive: true, force: true })
})

/** Nobody listens on it: it was this process's a moment ago. */
const closedPort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => {
        resolve(port)
      })
    })
  })

/**
 * A PATH with a python3 whose virtual environments have the pip that is there already: to unpack one takes seconds, and the
 * package index is what is tried.
 */
async function withQuickVenv(folder: string): Promise<string> {
  const { stdout } = await promisify(execFile)('python3', ['-c', 'import sys; print(sys.executable)'])
  const python = path.join(folder, 'bin', 'python3')
  mkdirSync(path.dirname(python))
  const quick = '--without-pip --system-site-packages'
  const script = `#!/bin/sh\n[ "$2" = venv ] && exec ${stdout.trim()} -m venv ${quick} "$3"\nexec ${stdout.trim()} "$@"\n`
  writeFileSync(python, script, { mode: 0o755 })
  return `${path.dirname(python)}:/usr/bin:/bin`
}

describe('where schemathesis cannot be set up', () => {
  it('for want of Python, that is said, and the command that failed', async () => {
    const env = { KINDRED_CACHE: cache, PATH: cache }
    const failing = setUpSchemathesis(env)
    await expect(failing).rejects.toThrow(needs)
    await expect(failing).rejects.toThrow(/python3/)
    expect(readdirSync(cache)).toEqual([])
  })

  it('for want of a package index, that is said, with what pip says of it, and nothing of it counts as set up', async () => {
    const index = `http://127.0.0.1:${await closedPort()}/simple`
    const env = {
      PATH: await withQuickVenv(cache),
      KINDRED_CACHE: cache,
      PIP_INDEX_URL: index,
      PIP_RETRIES: '0',
      PIP_TIMEOUT: '1',
      PIP_NO_CACHE_DIR: '1',
      PIP_CONFIG_FILE: '/dev/null',
    }
    const failing = setUpSchemathesis(env)
    await expect(failing).rejects.toThrow(needs)
    await expect(failing).rejects.toThrow(/pip .*install .*\n(.*\n)*.*No matching distribution found/)
    const left = readdirSync(cache, { recursive: true }).map((name) => path.basename(String(name)))
    expect(left.filter((name) => name === 'ready' || name.endsWith('.lock'))).toEqual([])
  })
})
