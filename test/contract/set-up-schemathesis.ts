import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { promisify } from 'node:util'
import { cacheFolder, type Environment } from '../../src/tensors/setup/cache-folder.js'
import { withLock } from '../../src/tensors/setup/lock.js'

const run = promisify(execFile)
const requirements = path.join(import.meta.dirname, 'requirements.txt')
/** A run of pip that says nothing for so long has no package index. */
const installMs = 300_000

/**
 * Makes a virtual environment with the pinned schemathesis, once a machine: it is kept in kindred's cache, for each set of
 * pins and each Python one.
 *
 * @returns the program
 * @throws Error that says what is missing, or what pip said
 */
export async function setUpSchemathesis(env: Environment = process.env): Promise<string> {
  const pins = await readFile(requirements)
  const python = await answerOf(['python3', '--version'], env)
  const key = createHash('sha256').update(pins).update(python).digest('hex').slice(0, 12)
  const folder = path.join(cacheFolder(env), 'schemathesis', key)
  const program = path.join(folder, 'bin', 'schemathesis')
  // Written last: a run that was interrupted leaves none.
  const stamp = path.join(folder, 'ready')
  if (existsSync(stamp)) return program
  await mkdir(path.dirname(folder), { recursive: true })
  const make = async (): Promise<void> => {
    if (existsSync(stamp)) return
    await rm(folder, { recursive: true, force: true })
    await answerOf(['python3', '-m', 'venv', folder], env)
    const pip = [path.join(folder, 'bin', 'python'), '-m', 'pip', '--disable-pip-version-check', '--no-input']
    await answerOf([...pip, 'install', '--quiet', '--no-deps', '--requirement', requirements], env)
    const version = await answerOf([program, '--version'], env)
    await writeFile(stamp, version)
  }
  await withLock(`${folder}.lock`, make, () => {
    process.stderr.write('Another process is setting up schemathesis; waiting for it.\n')
  })
  return program
}

/** @returns what it printed */
async function answerOf([command = '', ...args]: readonly string[], env: Environment): Promise<string> {
  try {
    const { stdout } = await run(command, args, { env: { ...env }, timeout: installMs })
    return stdout
  } catch (thrown) {
    const { message, stderr = '' } = thrown as Error & { stderr?: string }
    const said = stderr.trim().split('\n').slice(-10).join('\n')
    throw new Error(
      `schemathesis could not be set up (it needs python3 of 3.10 or later with venv and pip, and the first time a package index):\n` +
        (said === '' ? message : `${command} ${args.join(' ')}\n${said}`),
      { cause: thrown },
    )
  }
}
