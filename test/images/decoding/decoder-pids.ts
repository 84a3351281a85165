import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** The pids of this process's decoders. */
export async function decoderPids(): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-axo', 'pid=,ppid=,args='])
  return stdout
    .split('\n')
    .filter((line) => line.includes('decoder.child'))
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === process.pid)
    .map(([pid = 0]) => pid)
}
