import { expect, it } from 'vitest'
import { patientEmbedder } from '../../../src/collections/imports/patient-embedder.js'
import { Slots } from '../../../src/collections/imports/slots.js'
import { KindredError } from '../../../src/errors.js'
import { fakeEmbedder } from '../jobs/support/fake-embedder.js'
import { code } from '../embedded/support/open-store.js'

const input = () => [new Float32Array(4)]

it('waits where the embedder has no room, and passes on whatever else goes wrong', async () => {
  let busy = 3
  let failure: KindredError | null = null
  const embedder = fakeEmbedder(() => {
    if (busy-- > 0) throw new KindredError('EMBEDDER_BUSY', 'no room')
    if (failure !== null) throw failure
  })
  const patient = patientEmbedder(embedder, new Slots(2), new AbortController().signal)
  expect(await patient.embed(input())).toHaveLength(1)
  expect(embedder.count()).toBe(4)
  failure = new KindredError('EMBEDDER_FAILED', 'broken')
  await expect(patient.embed(input())).rejects.toThrow(code('EMBEDDER_FAILED'))
})

it('lets so few pictures wait at a time, and stops waiting when it is told to', async () => {
  let [now, most, busy] = [0, 0, false]
  const embedder = fakeEmbedder(async () => {
    if (busy) throw new KindredError('EMBEDDER_BUSY', 'no room')
    most = Math.max(most, ++now)
    await new Promise((resolve) => setTimeout(resolve, 5))
    now--
  })
  const abort = new AbortController()
  const patient = patientEmbedder(embedder, new Slots(2), abort.signal)
  await Promise.all(Array.from({ length: 10 }, () => patient.embed(input())))
  expect(most).toBe(2)
  busy = true
  const waiting = patient.embed(input())
  abort.abort()
  await expect(waiting).rejects.toBe(abort.signal.reason)
})
