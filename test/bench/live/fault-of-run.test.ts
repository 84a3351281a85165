import { describe, expect, it } from 'vitest'
import { faultOfRun } from '../../../src/bench/live/fault-of-run.js'

const query = { id: 'a', label: null, contentHash: null, recall: { 1: 1 }, rPrecision: 1, mapAtR: 1 }
const run = {
  client: { kindred: '1', node: '20', processor: 'x', cores: 2 },
  server: { version: null },
  collection: { model: null, hnsw: { m: 16 } },
  data: { queriesHash: 'x', galleryHash: null },
  settings: { ef: null },
  retrieval: { queries: [query, query] },
  load: { steps: [{ shape: { loop: 'closed', clients: 1 }, latency: { p99: 3 } }] },
}

describe('the file of a run', () => {
  it('is sound with and without quality and load, and where older versions wrote less', () => {
    const host = { ...run.server, host: null }
    const unanswered = { steps: [{ shape: {}, latency: null }] }
    for (const sound of [
      run,
      { ...run, load: null, retrieval: null, server: host },
      { ...run, load: unanswered },
      { ...run, endedBy: null },
      { ...run, endedBy: { code: 'INTERRUPTED', reason: 'x' } },
    ])
      expect(faultOfRun(sound)).toBeNull()
  })

  it.each([
    ['collection', { ...run, collection: undefined }],
    ['client.cores', { ...run, client: { ...run.client, cores: '2' } }],
    ['server.host', { ...run, server: { version: null, host: 'x' } }],
    ['settings', { ...run, settings: [] }],
    ['retrieval.queries', { ...run, retrieval: {} }],
    ['retrieval.queries[1].label', { ...run, retrieval: { queries: [query, { ...query, label: 3 }] } }],
    [
      'retrieval.queries[0].recall["1"]',
      { ...run, retrieval: { queries: [{ ...query, recall: { 1: null } }] } },
    ],
    ['endedBy.reason', { ...run, endedBy: { code: 'INTERRUPTED' } }],
    ['load.steps', { ...run, load: { steps: 'x' } }],
    ['load.steps[0].latency.p99', { ...run, load: { steps: [{ shape: {}, latency: {} }] } }],
  ])('is damaged at %s', (place, damaged) => {
    expect(faultOfRun(damaged)).toBe(place)
  })
})
