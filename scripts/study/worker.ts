import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { methodsOf, type Cell, type Group } from './cells.js'
import { choose, openResults, searchSeed } from './results.js'
import { createRunner, type Runner } from './run-cell.js'
import { openTasks } from './tasks.js'

/** What a process of the study is sent; it answers `done`. */
export interface Assignment {
  readonly group: Group
  readonly seeds: readonly number[]
  readonly epochs: number
  /** Folder of the published sets. */
  readonly data: string
  /** File of the results. */
  readonly results: string
  /** After which no run begins, in milliseconds since 1970. */
  readonly deadline: number
}

const folder = mkdtempSync(path.join(tmpdir(), 'kindred-study-'))
process.once('exit', () => {
  rmSync(folder, { recursive: true, force: true })
})
let last: { readonly task: string; readonly run: Runner } | undefined

// Also when the study is killed: its processes must not go on without it.
process.once('disconnect', () => process.exit())

process.on('message', (assignment: Assignment) => {
  void work(assignment).then(
    () => process.send?.('done'),
    (error: unknown) => {
      console.error(error)
      process.exit(1)
    },
  )
})

async function work({ group, seeds, epochs, data, results: file, deadline }: Assignment): Promise<void> {
  const results = openResults(file)
  const run = runnerOf(group.task, data, epochs)
  const once = async (cell: Cell, seed: number): Promise<void> => {
    if (results.find(cell, seed) !== undefined || Date.now() > deadline) return
    const began = performance.now()
    const figures = await run(cell, seed, group.kind === 'fine-tuned')
    results.add(cell, seed, figures)
    const { recallAt1, mapAtR } = figures.test
    const seconds = ((performance.now() - began) / 1000).toFixed(1)
    const asked = JSON.stringify({ ...cell, seed })
    console.log(`${(100 * recallAt1).toFixed(1)} ${(100 * mapAtR).toFixed(1)} ${seconds} s ${asked}`)
  }

  const chosen = new Map<string, Cell>()
  const need = (name: string): Cell => {
    const cell = chosen.get(name)
    if (cell === undefined) throw new Error(`${name} was asked for before its search`)
    return cell
  }
  for (const method of methodsOf(group)) {
    for (const cell of method.candidates(need)) await once(cell, searchSeed)
    const best = choose(method, results, need)
    if (best === undefined) return
    chosen.set(method.name, best)
    for (const seed of seeds) await once(best, seed)
  }
}

/** Runs of one task share their features. */
function runnerOf(name: string, data: string, epochs: number): Runner {
  if (last?.task === name) return last.run
  const task = openTasks(data).find((one) => one.name === name)
  if (task === undefined) throw new Error(`The pictures of ${name} are gone`)
  const run = createRunner(task, { dimensions: 128, epochs, size: 160, work: folder })
  last = { task: name, run }
  return run
}
