import { spawn } from 'node:child_process'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { expect, it } from 'vitest'
import { openEmbeddedStore } from '../../../src/collections/embedded/embedded-store.js'
import { randomEmbedding, randomFrom, recordingLogger } from './support/fixtures.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const rounds = 4

/** What was acknowledged: the seed of each item's embedding, null for one that was deleted. */
type Acknowledged = Map<string, number | null>

/** Runs the writer, kills it `delay` ms after its first acknowledgement, and keeps what it acknowledged. */
async function writeAndKill(
  folder: string,
  round: number,
  delay: number,
  acknowledged: Acknowledged,
): Promise<void> {
  const script = path.join(import.meta.dirname, 'support/crash-writer.ts')
  const child = spawn(process.execPath, ['--import', 'tsx', script, folder, String(round)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const ended = new Promise((resolve) => child.once('close', resolve))
  let timer: NodeJS.Timeout | undefined
  for await (const line of createInterface(child.stdout)) {
    const [what, id = '', seed] = line.split(' ')
    if (what === 'changing') acknowledged.delete(id)
    else acknowledged.set(id, what === 'put' ? Number(seed) : null)
    if (what === 'put') timer ??= setTimeout(() => child.kill('SIGKILL'), delay)
  }
  await ended
}

it(
  'has every acknowledged write after SIGKILL, by id and by a search for its own embedding',
  { timeout: 120_000 },
  async () => {
    const folder = temporaryFolder()
    const random = randomFrom(11)
    const acknowledged: Acknowledged = new Map()
    for (let round = 0; round < rounds; round++) {
      await writeAndKill(folder, round, random() * 800, acknowledged)
      expect([...acknowledged.keys()].some((id) => id.startsWith(`${round}-`))).toBe(true)
      // No stale lock either.
      const store = await openEmbeddedStore(folder, { logger: recordingLogger().logger })
      const stored = await store.contentHashes('c', [...acknowledged.keys()])
      for (const [id, seed] of acknowledged) {
        expect([id, stored.has(id)]).toEqual([id, seed !== null])
        if (seed === null) continue
        // Exact: a graph this thin, full of deleted nodes, may miss what is there.
        const answer = await store.search('c', {
          embedding: randomEmbedding(randomFrom(seed), 8),
          k: 1,
          exact: true,
        })
        expect(answer.hits[0]).toMatchObject({ id, score: expect.closeTo(1, 5) as number })
      }
      await store.close()
    }
  },
)
