import type * as Fs from 'node:fs'
import path from 'node:path'
import { beforeEach, expect, it, vi } from 'vitest'
import { HnswGraph } from '../../../src/collections/embedded/hnsw-graph.js'
import { GraphSave } from '../../../src/collections/embedded/graph-save.js'
import { unitEmbeddings } from './support/fixtures.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

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
    fsync: (descriptor: number, done: Fs.NoParamCallback) => {
      trace.push(`fsync ${names.get(descriptor) ?? 'unknown'} begins`)
      fs.fsync(descriptor, (error) => {
        trace.push(`fsync ${names.get(descriptor) ?? 'unknown'} ends`)
        done(error)
      })
    },
    renameSync: (from: Fs.PathLike, to: Fs.PathLike) => {
      trace.push(`rename ${path.basename(String(from))} ${path.basename(String(to))}`)
      fs.renameSync(from, to)
    },
  }
})

const settings = { dimensions: 4, m: 4, efConstruction: 20 }
const published = (own: string): string[] => [
  'fsync graph-token.hnsw.tmp',
  'rename graph-token.hnsw.tmp graph-token.hnsw',
  `fsync ${own}`,
  'fsync graph.json.tmp',
  'rename graph.json.tmp graph.json',
  `fsync ${own}`,
]

function filledGraph(): HnswGraph {
  const graph = HnswGraph.create(settings)
  for (const [i, embedding] of unitEmbeddings(10, 4).entries()) graph.add(i + 1, embedding)
  return graph
}

it('a saved graph is on disk before its manifest names it, and both before the save is over', () => {
  const folder = temporaryFolder()
  new GraphSave(folder, filledGraph(), settings, 'token').finish()
  expect(trace).toEqual(published(path.basename(folder)))
})

it('a graph saved in steps has no name until the disk has it', async () => {
  const folder = temporaryFolder()
  const save = new GraphSave(folder, filledGraph(), settings, 'token')
  const synced = new Promise<void>((resolve) => {
    // The deadline has passed already: no step does more than it must.
    expect(save.work(0, resolve)).toBe(false)
    for (let step = 0; step < 3; step++) expect(save.work(0, resolve)).toBe(false)
  })
  expect(save.waiting).toBe(true)
  expect(trace).toEqual(['fsync graph-token.hnsw.tmp begins'])
  await synced
  expect(save.waiting).toBe(false)
  expect(save.work(0, () => undefined)).toBe(true)
  expect(trace.slice(1)).toEqual(['fsync graph-token.hnsw.tmp ends', ...published(path.basename(folder))])
})
