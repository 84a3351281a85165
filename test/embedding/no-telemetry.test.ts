import { execFile } from 'node:child_process'
import { readdirSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.js'

const program = `
  import { loadBundle } from './src/bundles/load-bundle.ts'
  import { createOnnxEmbedder } from './src/embedding/onnx-embedder.ts'
  const bundle = await loadBundle('models/imagenet')
  const embedder = await createOnnxEmbedder(bundle, { provider: 'cpu', threads: 1, maxBatch: 1 })
  const { width, height } = embedder.input
  await embedder.embed([new Float32Array(3 * width * height)])
  await embedder.close()`

it('an embedder leaves nothing of its runtime behind: no log, no name of the device, nothing to send', async () => {
  const folder = temporaryFolder()
  // What a user has: ONNX Runtime is silent by itself where a CI runs it.
  const silent = { CI: undefined, ORT_DISABLE_TELEMETRY: undefined }
  const env = { ...process.env, ...silent, TMPDIR: folder, HOME: folder, XDG_CACHE_HOME: folder }
  const args = ['--import', 'tsx', '--input-type=module', '--eval', program]
  const cwd = path.resolve(import.meta.dirname, '../..')
  await promisify(execFile)(process.execPath, args, { cwd, env, timeout: 50_000 })
  expect(readdirSync(folder).filter((name) => !name.startsWith('tsx-'))).toEqual([])
})
