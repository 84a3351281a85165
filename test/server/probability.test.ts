import path from 'node:path'
import request from 'supertest'
import { afterEach, describe, expect, it } from 'vitest'
import { applyCalibration } from '../../src/bundles/calibration.js'
import { loadBundle } from '../../src/bundles/load-bundle.js'
import { writeCalibration } from '../../src/bundles/write-calibration.js'
import { logisticCalibration } from '../support/calibrations.js'
import { openTestServer, picture, type TestServer } from './test-server.js'

let server: TestServer
afterEach(() => server.close())

interface Result {
  score: number
  probability?: number
}

async function resultsOf(model: string): Promise<Result[]> {
  const api = request(server.app)
  await api.put('/v1/collections/shop').send({ model }).expect(201)
  for (const colour of ['red', 'blue']) {
    await api
      .put(`/v1/collections/shop/items/${colour}`)
      .attach('image', await picture(colour), 'x.jpg')
      .expect(201)
  }
  const answered = await api
    .post('/v1/collections/shop/search')
    .attach('image', await picture('red'), 'x.jpg')
    .expect(200)
  return (answered.body as { results: Result[] }).results
}

const calibrate = async (name: string): Promise<void> => {
  await writeCalibration(await loadBundle(path.join(server.folder, 'models', name)), logisticCalibration)
}

describe('probability', () => {
  it('is what the calibration of the model says of the score', async () => {
    server = await openTestServer()
    await calibrate('wide')
    const results = await resultsOf('wide')
    expect(results).toHaveLength(2)
    for (const { score, probability } of results) {
      expect(probability).toBe(applyCalibration(logisticCalibration, score))
    }
  })

  it('is found by a search with an embedding too, before the model was ever opened', async () => {
    server = await openTestServer()
    await calibrate('wide')
    const api = request(server.app)
    const { model } = await loadBundle(path.join(server.folder, 'models', 'wide'))
    await api.put('/v1/collections/shop').send({ model }).expect(201)
    const embedding = Array.from({ length: 24 }, (_, n) => (n === 0 ? 1 : 0))
    await api.put('/v1/collections/shop/items/one').send({ embedding }).expect(201)
    const answered = await api.post('/v1/collections/shop/search').send({ embedding }).expect(200)
    const { results } = answered.body as { results: Result[] }
    expect(results[0]?.probability).toBeCloseTo(applyCalibration(logisticCalibration, 1), 6)
  })

  it('is absent where the collection is unlike what the model was calibrated on, until its setting says otherwise', async () => {
    server = await openTestServer()
    await calibrate('wide')
    const api = request(server.app)
    expect((await resultsOf('wide'))[0]).toHaveProperty('probability')
    for (const probabilities of [false, true]) {
      await api.patch('/v1/collections/shop').send({ probabilities }).expect(200)
      const answered = await api.post('/v1/collections/shop/search').send({ itemId: 'red' }).expect(200)
      const [first] = (answered.body as { results: Result[] }).results
      expect(first !== undefined && 'probability' in first).toBe(probabilities)
    }
  })

  it('is absent where the model is not calibrated, and where there is no model', async () => {
    server = await openTestServer()
    for (const result of await resultsOf('tiny')) expect(result).not.toHaveProperty('probability')
    const api = request(server.app)
    await api.put('/v1/collections/plain').send({ dimensions: 2 }).expect(201)
    await api
      .put('/v1/collections/plain/items/east')
      .send({ embedding: [1, 0] })
      .expect(201)
    const answered = await api
      .post('/v1/collections/plain/search')
      .send({ embedding: [1, 0] })
      .expect(200)
    const { results } = answered.body as { results: Result[] }
    expect(results).toHaveLength(1)
    expect(results[0]).not.toHaveProperty('probability')
  })
})
