import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { startBuiltServer } from '../support/built-server.js'
import { seedServer } from './seed.js'
import { setUpSchemathesis } from './set-up-schemathesis.js'

/** Holds the built server against its contract with schemathesis; arguments are handed on to `schemathesis run`. */
const here = import.meta.dirname

/** The contract says what any server may be configured to take: this one takes all of it. */
const widest = {
  'max-k': 100_000,
  'max-batch-queries': 10_000,
  'max-examples': 1000,
  'max-candidates': 2000,
  'max-thumbnails': 10_000,
  'max-header-bytes': 1024 * 1024,
  // The run comes from one address, with one key.
  'rate-limit-per-address': 0,
  'rate-limit-per-key': 0,
}

const program = await setUpSchemathesis()
const flags = Object.entries(widest).flatMap(([name, value]) => [`--${name}`, String(value)])
const files = await mkdtemp(path.join(tmpdir(), 'kindred-contract-'))
const server = await startBuiltServer([...flags, '--import-roots', files], 'production')
try {
  const seed = await seedServer(server, files)
  const seedFile = path.join(files, 'seed.json')
  await writeFile(seedFile, JSON.stringify(seed))
  const config = ['--config-file', path.join(here, 'schemathesis.toml')]
  const child = spawn(
    program,
    [...config, 'run', `${server.url}/docs/openapi.json`, '--no-color', ...process.argv.slice(2)],
    {
      cwd: files,
      stdio: 'inherit',
      env: {
        ...process.env,
        KINDRED_KEY: server.key,
        KINDRED_CONTRACT_SEED: seedFile,
        // The hook file lies here, and leaves nothing beside it.
        PYTHONPATH: here,
        PYTHONDONTWRITEBYTECODE: '1',
      },
    },
  )
  const [code] = (await once(child, 'close')) as [number | null]
  if (code !== 0) process.exitCode = 1
} finally {
  await server.close()
  await rm(files, { recursive: true, force: true })
}
