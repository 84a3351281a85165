import assert from 'node:assert/strict'
import { parseArgs } from 'node:util'
import { createClient } from '../../src/client/client.js'
import { startBuiltServer } from '../support/built-server.js'
import { watchMemory } from '../support/flat-memory.js'
import { expectNothingLeft, holdingsOf } from '../support/left-behind.js'
import { runUntil } from '../support/run-until.js'
import { checkExchange } from './check-answer.js'
import { createCorpus } from './corpus.js'
import { createDraw } from './draw.js'
import { soundPictures } from './pictures/sound-pictures.js'
import { trickle } from './raw-exchanges.js'
import { seedTarget } from './seed.js'
import { send } from './send.js'

/**
 * Sends a server what it was never meant to get, from many connections at once, while slow uploads trickle in beside. It must
 * live, answer each with a problem of the registry and none with its own fault, and keep nothing: no memory, no descriptor, no
 * file.
 */
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '10000' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '6' },
    'allow-mib': { type: 'string', default: '64' },
    'allow-child-mib': { type: 'string', default: '512' },
  },
})
const atOnce = 16
const slowAtOnce = 32
const samples = 200
/** Small enough to be reached, and quick enough to be waited for. */
const flags = {
  'rate-limit-per-address': 0,
  'rate-limit-per-key': 0,
  'max-image-bytes': 1024 * 1024,
  'max-json-bytes': 2 * 1024 * 1024,
  'max-upload-bytes': 1024 * 1024,
  'max-snapshot-bytes': 4 * 1024 * 1024,
  'max-archive-bytes': 8 * 1024 * 1024,
  'headers-seconds': 2,
  'body-seconds': 3,
  'upload-seconds': 4,
  'decode-seconds': 3,
  'keep-jobs': 100,
}

const requests = Number(values.requests)
const draw = createDraw(Number(values.seed))
// Answers are held against the contract: one that breaks it is a 500.
const server = await startBuiltServer(
  Object.entries(flags).flatMap(([name, value]) => [`--${name}`, String(value)]),
  'test',
)
const port = Number(new URL(server.url).port)
const statuses = new Map<number, number>()
let slow = 0
try {
  const { target, files } = await seedTarget(server)
  const pictures = await soundPictures()
  const next = createCorpus(draw, { target, pictures, files })
  const client = createClient(server.url, { key: target.key })
  const search = () =>
    client.search({
      path: { collection: target.collection },
      body: { itemId: 'red', k: 1, filter: { colour: { exists: true } } },
    })
  const { results: before } = await search()
  const holdings = holdingsOf(server)
  const memory = watchMemory(server.pid, {
    grown: Number(values['allow-mib']),
    child: Number(values['allow-child-mib']),
  })

  let over = false
  const slowDraw = createDraw(Number(values.seed) + 1)
  const trickleOn = async (): Promise<void> => {
    while (!over) {
      const parts = { key: target.key, collection: target.collection, picture: slowDraw.pick(pictures).bytes }
      const request = trickle(slowDraw, parts, {
        pieces: 1 + slowDraw.below(12),
        pauseMs: 100 + slowDraw.below(900),
      })
      checkExchange(request, await send(port, request))
      slow++
    }
  }
  const trickling = Promise.all(Array.from({ length: slowAtOnce }, trickleOn))
  const progress = runUntil(
    { pieces: requests, atOnce, minutes: Number(values.minutes) },
    async () => {
      const request = next()
      const answered = checkExchange(request, await send(port, request))
      for (const status of answered) statuses.set(status, (statuses.get(status) ?? 0) + 1)
    },
    (done) => {
      if (done % Math.ceil(requests / samples) === 0) memory.sample()
      if (done % 1000 === 0) console.log(`${done} of ${requests} hostile requests`)
    },
  )
  const { done, seconds } = await Promise.race([progress, trickling.then(() => progress)])
  over = true
  await trickling

  assert.deepEqual((await search()).results, before, 'the server answers otherwise than before')
  await expectNothingLeft(server, holdings, 60)
  const counted = [...statuses].sort(([a], [b]) => a - b).map(([status, count]) => `${status}: ${count}`)
  console.log(
    `${done} of ${requests} hostile requests and ${slow} slow uploads, seed ${values.seed}, in ${seconds.toFixed(0)} s: no crash, no status of 500` +
      `; answers by status: ${counted.join(', ')}`,
  )
  console.log(`${memory.expectFlat()}; descriptors and files as before`)
  assert(done >= requests / 2, 'fewer than half of the requests were done within the time')
} catch (thrown) {
  console.error(server.log())
  throw thrown
} finally {
  await server.close()
}
