import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { collectionFolder } from './support/collection-folder.js'
import { alwaysGraph, openEngine, put, randomFrom, settle, unitEmbeddings, wide } from './support/fixtures.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const rounds = 60

/** What a power loss leaves of a file whose end, or whose blocks, never reached the disk. */
function tear(bytes: Buffer, random: () => number): Buffer {
  const at = Math.floor(random() * bytes.length)
  if (random() < 0.5) return bytes.subarray(0, at)
  const torn = Buffer.from(bytes)
  const block = 512 * (1 + Math.floor(random() * 8))
  return torn.fill(0, at - (at % 512), Math.min(torn.length, at + block))
}

it(`answers from the truth after each of ${rounds} ways to tear the saved graph or its manifest`, async () => {
  const whole = await collectionFolder(wide)
  const embeddings = unitEmbeddings(300, 16)
  const { engine } = openEngine(whole)
  put(
    engine,
    embeddings.map((embedding, i) => [`i${i}`, embedding] as const),
  )
  settle(engine)
  engine.close(true)
  const names = readdirSync(whole).filter((name) => name.startsWith('graph'))
  expect(names).toHaveLength(2)

  const random = randomFrom(21)
  let rebuilt = 0
  for (let round = 0; round < rounds; round++) {
    const folder = temporaryFolder()
    cpSync(whole, folder, { recursive: true })
    const file = path.join(folder, names[round % 2] ?? '')
    const before = readFileSync(file)
    const torn = tear(before, random)
    writeFileSync(file, torn)
    const { engine: reopened, logged } = openEngine(folder, alwaysGraph)
    if (!torn.equals(before)) {
      expect(logged).toEqual([expect.stringMatching(/cannot be used/)])
      rebuilt++
    }
    for (const phase of ['before', 'after'] as const) {
      if (phase === 'after') settle(reopened)
      for (let i = round % 10; i < embeddings.length; i += 10) {
        const embedding = embeddings[i] ?? new Float32Array()
        expect(reopened.search({ embedding, k: 1, exact: false }).hits[0]?.id).toBe(`i${i}`)
      }
    }
    reopened.close(true)
    rmSync(folder, { recursive: true })
  }
  expect(rebuilt).toBeGreaterThan(rounds / 2)
}, 60_000)
