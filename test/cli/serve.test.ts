import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { serveCommand } from '../../src/cli/serve.js'
import { writeTinyBundle } from '../support/tiny-bundle.js'
import { run } from './run.js'

const root = mkdtempSync(path.join(tmpdir(), 'kindred-serve-'))
beforeAll(() => writeTinyBundle(path.join(root, 'models', 'tiny')))
afterAll(() => {
  rmSync(root, { recursive: true, force: true })
})

function serve(store: string) {
  const flags = ['--store', path.join(root, store), '--models', path.join(root, 'models'), '--port', '0']
  const model = ['--model', path.join(root, 'models', 'tiny'), '--log-level', 'silent']
  return run(serveCommand(), ...flags, ...model, '--json')
}

describe('kindred serve', () => {
  it('--json tells machines where it listens', async () => {
    const before = process.listeners('SIGTERM')
    const { out } = await serve('index')
    const { url, docs } = JSON.parse(out) as { url: string; docs: string }
    try {
      expect(url).toMatch(/^http:\/\/127\.0\.0\.1:\d+$/)
      expect(docs).toBe(`${url}/docs`)
      expect((await fetch(`${url}/health/live`)).status).toBe(200)
    } finally {
      // As the signal would.
      for (const stop of process.listeners('SIGTERM')) if (!before.includes(stop)) stop('SIGTERM')
    }
    await expect
      .poll(() =>
        fetch(`${url}/health/live`).then(
          () => 'up',
          () => 'down',
        ),
      )
      .toBe('down')
  })

  it('ends soon after a second signal, whatever it still waits for', async () => {
    const exit = vi.spyOn(process, 'exit').mockImplementation(() => undefined as never)
    try {
      const before = process.listeners('SIGTERM')
      await serve('index-2')
      const stops = process.listeners('SIGTERM').filter((stop) => !before.includes(stop))
      for (const stop of stops) stop('SIGTERM')
      expect(exit).not.toHaveBeenCalled()
      for (const stop of stops) stop('SIGTERM')
      // Unless the process is over by itself, which this one is not.
      await expect.poll(() => exit.mock.calls, { timeout: 10_000 }).toEqual([[130]])
    } finally {
      exit.mockRestore()
    }
  })
})
