import { forkModule } from '../../src/child-process.js'
import { KindredError } from '../../src/errors.js'

export interface ChildServer {
  readonly url: string
  readonly pid: number
  /** Stops the server gracefully. */
  close(): Promise<void>
}

/** One address stands for all clients of a benchmark: what bounds a single one would be measured in place of the server. */
const noLimitsOfOneClient = ['--max-requests-per-client', '0', '--rate-limit-per-address', '0']

/**
 * Starts `kindred serve` in a process of its own, so that client and server do not share a thread.
 *
 * @param flags of the command
 * @throws KindredError INTERNAL with what it wrote where it ends instead of serving
 */
export async function startChildServer(flags: readonly string[]): Promise<ChildServer> {
  const child = forkModule(
    import.meta.url,
    '../../src/cli/main',
    ['serve', ...noLimitsOfOneClient, ...flags],
    {
      silent: true,
      // Answers are held against the contract in tests and development: see createServer.
      env: { ...process.env, NODE_ENV: 'production' },
    },
  )
  const ended = new Promise<void>((resolve) =>
    child.once('exit', () => {
      resolve()
    }),
  )
  let written = ''
  const url = await new Promise<string>((resolve, reject) => {
    const read = (part: Buffer) => {
      written += part.toString()
      const found = /serves on (http:\S+)/.exec(written)?.[1]
      if (found !== undefined) resolve(found)
    }
    child.stdout?.on('data', read)
    child.stderr?.on('data', read)
    void ended.then(() => {
      reject(new KindredError('INTERNAL', `The server ended before it served:\n${written}`))
    })
  })
  return {
    url,
    pid: child.pid ?? 0,
    async close() {
      child.kill('SIGTERM')
      await ended
    },
  }
}
