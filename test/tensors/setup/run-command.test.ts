import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { ask, runCommand, type CommandContext } from '../../../src/tensors/setup/run-command.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

let context: CommandContext
beforeEach(() => {
  const cwd = temporaryFolder()
  context = { cwd, env: process.env, log: path.join(cwd, 'log') }
})
const node = (program: string): Promise<string> => runCommand(process.execPath, ['-e', program], context)

describe('runCommand', () => {
  it('gives standard output and logs everything', async () => {
    expect(await node('console.log("out"); console.error("err")')).toBe('out\n')
    expect(await readFile(context.log, 'utf8')).toMatch(/^\$ .*\n[^]*out[^]*/)
    expect(await readFile(context.log, 'utf8')).toContain('err')
  })

  it('shows the last lines and the path of the log when the command fails', async () => {
    const failure = node('for (let i = 0; i < 100; i++) console.error("line " + i); process.exitCode = 3')
    await expect(failure).rejects.toMatchObject({
      code: 'TENSORFLOW_SETUP',
      message: expect.stringMatching(/exit code 3\n {2}line 85\n[^]*line 99$/) as string,
      hint: `The whole log: ${context.log}`,
    })
    expect(await readFile(context.log, 'utf8')).toContain('line 0\n')
  })

  it('says so when the command was killed or is not there', async () => {
    await expect(node('process.kill(process.pid, "SIGKILL")')).rejects.toThrow('was stopped by SIGKILL')
    await expect(runCommand('no-such-command', [], context)).rejects.toThrow(/could not be started.*ENOENT/)
  })
})

describe('ask', () => {
  it('answers only for a command that is there and succeeds', async () => {
    expect(await ask(process.execPath, ['-p', '1'], process.env)).toBe('1\n')
    expect(await ask(process.execPath, ['-e', 'process.exitCode = 1'], process.env)).toBeUndefined()
    expect(await ask('no-such-command', [], process.env)).toBeUndefined()
  })
})
