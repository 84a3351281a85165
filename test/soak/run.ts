import assert from 'node:assert/strict'
import { parseArgs } from 'node:util'
import { startBuiltServer } from '../support/built-server.js'
import { watchMemory } from '../support/flat-memory.js'
import { expectNothingLeft, holdingsOf } from '../support/left-behind.js'
import { runUntil } from '../support/run-until.js'
import { createMixedRequests } from './mixed-requests.js'

/** Asks a server for everything that it can do, again and again: each request succeeds, and it keeps nothing of them. */
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '20000' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '6' },
    'allow-mib': { type: 'string', default: '48' },
    'allow-child-mib': { type: 'string', default: '512' },
  },
})
const requests = Number(values.requests)
const atOnce = 8
const samples = 200
const server = await startBuiltServer(
  ['--rate-limit-per-address', '0', '--rate-limit-per-key', '0', '--keep-jobs', '20'],
  'production',
)
try {
  const next = await createMixedRequests(server.url, server.key, Number(values.seed))
  const memory = watchMemory(server.pid, {
    grown: Number(values['allow-mib']),
    child: Number(values['allow-child-mib']),
  })
  const holdings = holdingsOf(server)
  const { done, seconds } = await runUntil(
    { pieces: requests, atOnce, minutes: Number(values.minutes) },
    next,
    (count) => {
      if (count % Math.ceil(requests / samples) === 0) memory.sample()
      if (count % 4000 === 0) console.log(`${count} of ${requests} requests`)
    },
  )
  // What this client keeps open is no leak: fetch has some connections more than there are requests at a time.
  const open = { ...holdings, descriptors: holdings.descriptors + 3 * atOnce }
  await expectNothingLeft(server, open, 30)
  console.log(
    `${done} of ${requests} mixed requests, seed ${values.seed}, in ${seconds.toFixed(0)} s, every one answered as it should be`,
  )
  console.log(`${memory.expectFlat()}; descriptors and files as before`)
  assert(done >= requests / 2, 'fewer than half of the requests were done within the time')
} catch (thrown) {
  console.error(server.log())
  throw thrown
} finally {
  await server.close()
}
