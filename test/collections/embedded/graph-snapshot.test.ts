import { readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { EmbeddingTable } from '../../../src/collections/embedded/embedding-table.js'
import { GraphSave } from '../../../src/collections/embedded/graph-save.js'
import { loadSnapshot } from '../../../src/collections/embedded/graph-snapshot.js'
import { HnswGraph } from '../../../src/collections/embedded/hnsw-graph.js'
import { unitEmbeddings } from './support/fixtures.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const settings = { dimensions: 16, m: 8, efConstruction: 50 }

function saved(seed = 1) {
  const folder = temporaryFolder()
  const table = new EmbeddingTable(16)
  const graph = HnswGraph.create(settings)
  for (const [index, embedding] of unitEmbeddings(300, 16, seed).entries()) {
    table.add(index + 1, embedding)
    graph.add(index + 1, embedding)
  }
  new GraphSave(folder, graph, settings, 'token').finish()
  const graphPath = path.join(folder, 'graph-token.hnsw')
  return { folder, table, graph, graphPath, manifestPath: path.join(folder, 'graph.json') }
}

const edit = (file: string, change: (manifest: Record<string, unknown>) => object): void => {
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Record<string, unknown>
  writeFileSync(file, JSON.stringify(change(manifest)))
}

describe('a snapshot', () => {
  it('is loaded as it was saved, and leaves no temporary or older file', () => {
    const { folder, table, graph } = saved()
    new GraphSave(folder, graph, settings, 'newer').finish()
    expect(readdirSync(folder).sort()).toEqual(['graph-newer.hnsw', 'graph.json'])
    const loaded = loadSnapshot(folder, settings, ['newer'], table)
    expect(loaded.graph.size).toBe(300)
    expect(loaded.table.labels()).toEqual(table.labels())
    for (const label of table.labels()) expect(loaded.table.row(label)).toEqual(table.row(label))
  })

  it('keeps the graph as it was when its save began, whatever is added and removed meanwhile', () => {
    const { folder, table, graph } = saved()
    graph.remove(7)
    const save = new GraphSave(folder, graph, settings, 'newer')
    graph.remove(8)
    graph.add(301, table.row(8))
    save.finish()
    const loaded = loadSnapshot(folder, settings, ['newer'], table).graph
    expect([loaded.nodes, loaded.size, loaded.has(7), loaded.has(8)]).toEqual([300, 299, false, true])
  })

  it('is not saved where its folder is missing, although the library reports success', () => {
    const { folder, graph } = saved()
    rmSync(folder, { recursive: true })
    expect(() => {
      new GraphSave(folder, graph, settings, 'token').finish()
    }).toThrow(/ENOENT/)
  })

  it.each([
    ['of another state of the truth', ['other'], settings, /another state/],
    ['of other dimensions', ['token'], { ...settings, dimensions: 8 }, /dimensions is 16/],
    ['built otherwise', ['token'], { ...settings, m: 16 }, /m is 8/],
  ])('%s is refused', (_what, tokens, wanted, reason) => {
    const { folder, table } = saved()
    expect(() => loadSnapshot(folder, wanted, tokens, table)).toThrow(reason)
  })

  it('with a file of other dimensions is refused by the file itself, whatever the manifest says', () => {
    const { folder, table, manifestPath } = saved()
    edit(manifestPath, (manifest) => ({ ...manifest, dimensions: 8 }))
    expect(() => loadSnapshot(folder, { ...settings, dimensions: 8 }, ['token'], table)).toThrow(
      /dimensions of the file is 16/,
    )
  })

  it('whose points are not the truth is refused', () => {
    const { folder } = saved(1)
    const { table } = saved(2)
    expect(() => loadSnapshot(folder, settings, ['token'], table)).toThrow(/not the embedding/)
  })

  it('with one bit changed is refused', () => {
    const { folder, table, graphPath } = saved()
    const bytes = readFileSync(graphPath)
    bytes.writeUInt8(bytes.readUInt8(5000) ^ 1, 5000)
    writeFileSync(graphPath, bytes)
    expect(() => loadSnapshot(folder, settings, ['token'], table)).toThrow(/sha256/)
  })

  it.each([0, 50, 96, 1000, -1, -5])('cut to %i bytes is refused', (length) => {
    const { folder, table, graphPath } = saved()
    truncateSync(graphPath, length >= 0 ? length : readFileSync(graphPath).length + length)
    expect(() => loadSnapshot(folder, settings, ['token'], table)).toThrow(/bytes|ends|end/)
  })

  it.each(['', '{', '[]', 'null', '{"format":1}', '{"format":1,"token":"../../x","sha256":"0"}'])(
    'with the manifest %j is refused',
    (manifest) => {
      const { folder, table, manifestPath } = saved()
      writeFileSync(manifestPath, manifest)
      expect(() => loadSnapshot(folder, settings, ['token'], table)).toThrow()
    },
  )
})
