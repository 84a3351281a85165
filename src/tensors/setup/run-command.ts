import { spawn } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { finished } from 'node:stream/promises'
import { KindredError } from '../../errors.js'
import type { Environment } from './cache-folder.js'

export interface CommandContext {
  readonly cwd: string
  readonly env: Environment
  /** File that the command, its output and how it ended are appended to. */
  readonly log: string
}

const LINES_SHOWN = 15

/**
 * Runs a command to its end; what it prints goes to the log.
 *
 * @returns standard output
 * @throws KindredError TENSORFLOW_SETUP with the last lines it printed and the path of the log
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env, log }: CommandContext,
): Promise<string> {
  const file = createWriteStream(log, { flags: 'a' })
  file.write(`$ ${[command, ...args].join(' ')}\n`)
  let output = ''
  let tail = ''
  const ending = await new Promise<string | undefined>((resolve) => {
    const child = spawn(command, args, { cwd, env: { ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    const keep = (chunk: string): void => {
      file.write(chunk)
      tail = (tail + chunk).slice(-10_000)
    }
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
      keep(chunk)
    })
    child.stderr.setEncoding('utf8').on('data', keep)
    child.once('error', (error) => {
      resolve(`could not be started: ${error.message}`)
    })
    child.once('close', (code, signal) => {
      resolve(
        code === 0 ? undefined : signal ? `was stopped by ${signal}` : `failed with exit code ${code ?? '?'}`,
      )
    })
  })
  file.end(ending === undefined ? '\n' : `${command} ${ending}\n\n`)
  await finished(file)
  if (ending === undefined) return output
  const lines = tail.trimEnd().split('\n').slice(-LINES_SHOWN)
  throw new KindredError(
    'TENSORFLOW_SETUP',
    [`${[command, ...args.slice(0, 3)].join(' ')} ${ending}`, ...lines.map((line) => `  ${line}`)].join('\n'),
    { hint: `The whole log: ${log}` },
  )
}

/** What a quick question to a tool prints; undefined where the tool is missing, fails or says nothing for 15 s. */
export async function ask(
  command: string,
  args: readonly string[],
  env: Environment,
): Promise<string | undefined> {
  return new Promise((resolve) => {
    let output = ''
    const child = spawn(command, args, { env: { ...env }, stdio: ['ignore', 'pipe', 'ignore'] })
    // Not spawn's own timeout: where the command is missing, it would keep this process alive until it is over.
    const timer = setTimeout(() => child.kill('SIGKILL'), 15_000)
    const answer = (text: string | undefined): void => {
      clearTimeout(timer)
      resolve(text)
    }
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      output += chunk
    })
    child.once('error', () => {
      answer(undefined)
    })
    child.once('close', (code) => {
      answer(code === 0 ? output : undefined)
    })
  })
}
