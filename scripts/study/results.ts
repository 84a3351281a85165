import { appendFileSync, existsSync, mkdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import type { Cell, Method } from './cells.js'

export interface Figures {
  readonly validation: { readonly mapAtR: number; readonly recallAt1: number }
  readonly test: { readonly mapAtR: number; readonly recallAt1: number }
}

/** Finished runs, one a line of a file, so that a study that was stopped goes on where it was. */
export interface Results {
  find(cell: Cell, seed: number): Figures | undefined
  add(cell: Cell, seed: number, figures: Figures): void
}

/** The seed of the search. */
export const searchSeed = 0

/** Several processes may hold the same file as long as each runs cells of its own. */
export function openResults(file: string): Results {
  mkdirSync(path.dirname(file), { recursive: true })
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : []
  const done = new Map(
    lines.map((line) => {
      const { cell, seed, figures } = JSON.parse(line) as { cell: Cell; seed: number; figures: Figures }
      return [keyOf(cell, seed), figures]
    }),
  )
  return {
    find: (cell, seed) => done.get(keyOf(cell, seed)),
    add(cell, seed, figures) {
      appendFileSync(file, `${JSON.stringify({ cell, seed, figures })}\n`)
      done.set(keyOf(cell, seed), figures)
    },
  }
}

/** The cell of a method's search that is best on validation classes; undefined while one has not run. */
export function choose(method: Method, results: Results, chosen: (name: string) => Cell): Cell | undefined {
  let best: { cell: Cell; mapAtR: number } | undefined
  for (const cell of method.candidates(chosen)) {
    const figures = results.find(cell, searchSeed)
    if (figures === undefined) return undefined
    const { mapAtR } = figures.validation
    if (best === undefined || mapAtR > best.mapAtR) best = { cell, mapAtR }
  }
  return best?.cell
}

const keyOf = (cell: Cell, seed: number): string => JSON.stringify([cell, seed])
