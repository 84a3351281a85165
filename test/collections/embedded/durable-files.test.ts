import type * as Fs from 'node:fs'
import path from 'node:path'
import { beforeEach, expect, it, vi } from 'vitest'
import { HnswGraph } from '../../../src/collections/embedded/hnsw-graph.js'
import { saveSnapshot } from '../../../src/collections/embedded/graph-snapshot.js'
import { temporaryFolder, unitEmbeddings } from './support/fixtures.js'

const trace: string[] = []
beforeEach(() => {
  trace.length = 0
})

// What reaches the disk cannot be seen from here; what is asked of the system, and in which order, can.
vi.mock('node:fs', async (importOriginal) => {
  const fs = await importOriginal<typeof Fs>()
  const names = new Map<number, string>()
  return {
    ...fs,
    openSync: (...args: Parameters<typeof fs.openSync>) => {
      const descriptor = fs.openSync(...args)
      names.set(descriptor, path.basename(String(args[0])))
      return descriptor
    },
    fsyncSync: (descriptor: number) => {
      trace.push(`fsync ${names.get(descriptor) ?? 'unknown'}`)
      fs.fsyncSync(descriptor)
    },
    renameSync: (from: Fs.PathLike, to: Fs.PathLike) => {
      trace.push(`rename ${path.basename(String(from))} ${path.basename(String(to))}`)
      fs.renameSync(from, to)
    },
  }
})

it('a saved graph is on disk before its manifest names it, and both before the save is over', () => {
  const folder = temporaryFolder()
  const settings = { dimensions: 4, m: 4, efConstruction: 20 }
  const graph = HnswGraph.create(settings)
  for (const [i, embedding] of unitEmbeddings(10, 4).entries()) graph.add(i + 1, embedding)
  saveSnapshot(folder, graph, settings, 'token')
  const own = path.basename(folder)
  expect(trace).toEqual([
    'fsync graph-token.hnsw.tmp',
    'rename graph-token.hnsw.tmp graph-token.hnsw',
    `fsync ${own}`,
    'fsync graph.json.tmp',
    'rename graph.json.tmp graph.json',
    `fsync ${own}`,
  ])
})
