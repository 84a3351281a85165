import { closeSync, fsync, openSync } from 'node:fs'
import { publishFile } from './durable-files.js'
import { inspectInSteps, type GraphFile } from './graph-file.js'
import { graphPath, writeManifest } from './graph-manifest.js'
import type { GraphSettings, HnswGraph } from './hnsw-graph.js'

/**
 * The saving of a graph: the file under a temporary name, checked, on disk, renamed; the manifest last. The snapshot
 * before stays valid until then. The graph is written at once; what takes long after that, reading the file again and
 * waiting for the disk, is done in steps, and the graph may change meanwhile.
 */
export class GraphSave {
  readonly #folder: string
  readonly #settings: GraphSettings
  readonly #token: string
  readonly #nodes: number
  readonly #inspection: Generator<undefined, GraphFile>
  #file: GraphFile | null = null
  #sync: 'not begun' | 'under way' | 'done' | Error = 'not begun'

  /** Writes the graph. @param token letters and digits, new for each snapshot */
  constructor(folder: string, graph: HnswGraph, settings: GraphSettings, token: string) {
    this.#folder = folder
    this.#settings = settings
    this.#token = token
    this.#nodes = graph.nodes
    graph.write(this.#temporary)
    this.#inspection = inspectInSteps(this.#temporary)
  }

  /** Whether nothing is left to do but to wait for the disk. */
  get waiting(): boolean {
    return this.#file !== null && this.#sync === 'under way'
  }

  /**
   * Goes on until `deadline` (performance.now()), or until the disk has to be waited for.
   *
   * @param wake called, from another turn of the event loop, when the disk has it
   * @returns whether the graph is saved
   * @throws Error when what hnswlib wrote is not a whole graph, or the disk failed
   */
  work(deadline: number, wake: () => void): boolean {
    if (this.#sync === 'not begun') this.#beginSync(wake)
    do this.#file ??= this.#inspect()
    while (this.#file === null && performance.now() < deadline)
    if (this.#sync instanceof Error) throw this.#sync
    if (this.#file === null || this.#sync !== 'done') return false
    this.#publish(this.#file)
    return true
  }

  /** Does at once what is left. @throws Error as `work` */
  finish(): void {
    let file = this.#file
    while (file === null) file = this.#inspect()
    this.#publish(file)
  }

  get #temporary(): string {
    return `${graphPath(this.#folder, this.#token)}.tmp`
  }

  #beginSync(wake: () => void): void {
    this.#sync = 'under way'
    const descriptor = openSync(this.#temporary, 'r')
    fsync(descriptor, (error) => {
      closeSync(descriptor)
      this.#sync = error ?? 'done'
      wake()
    })
  }

  #inspect(): GraphFile | null {
    const step = this.#inspection.next()
    if (step.done !== true) return null
    const { nodes, dimensions } = step.value
    if (nodes !== this.#nodes || dimensions !== this.#settings.dimensions) {
      throw new Error(`The graph file has ${nodes} nodes of ${dimensions} dimensions, not ${this.#nodes}`)
    }
    return step.value
  }

  #publish(file: GraphFile): void {
    publishFile(this.#temporary, graphPath(this.#folder, this.#token))
    writeManifest(this.#folder, file, this.#settings, this.#token)
  }
}
