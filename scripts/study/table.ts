import { summarise } from '../../src/training/t-interval.js'
import { table } from '../markdown-table.js'
import { methodsOf, type Cell, type Group, type Method } from './cells.js'
import { choose, type Figures, type Results } from './results.js'

/** Markdown tables, one for each task and share of wrong labels; differences are paired by seed. */
export function renderTables(groups: readonly Group[], results: Results, seeds: readonly number[]): string {
  const tables = new Map<string, string[][]>()
  for (const group of groups) {
    const title = `${group.task}, ${Math.round(100 * group.labelNoise)} % wrong labels`
    const rows = tables.get(title) ?? []
    rows.push(...rowsOf(group, results, seeds))
    tables.set(title, rows)
  }
  const head = ['base', 'method', 'seeds', 'Recall@1', 'difference', 'MAP@R', 'difference', 'chosen']
  return [...tables]
    .filter(([, rows]) => rows.length > 0)
    .map(([title, rows]) => `## ${title}\n\n${table(head, rows)}\n`)
    .join('\n')
}

/** A row for each method of the group whose runs have ended. The first is what the others are compared with. */
function rowsOf(group: Group, results: Results, seeds: readonly number[]): string[][] {
  const chosen = new Map<string, Cell>()
  const rows: string[][] = []
  let reference: ReadonlyMap<number, Figures> | undefined
  for (const method of methodsOf(group)) {
    const cell = choose(method, results, (name) => chosen.get(name) as Cell)
    if (cell === undefined) break
    chosen.set(method.name, cell)
    const own = new Map(
      seeds.flatMap((seed) => {
        const figures = results.find(cell, seed)
        return figures === undefined ? [] : [[seed, figures] as const]
      }),
    )
    if (own.size < 2) break
    rows.push(rowOf(method, cell, own, reference))
    reference ??= own
  }
  return rows
}

function rowOf(
  { group, name }: Method,
  cell: Cell,
  own: ReadonlyMap<number, Figures>,
  reference: ReadonlyMap<number, Figures> | undefined,
): string[] {
  const all = (pick: (figures: Figures) => number): string => spread([...own.values()].map(pick))
  const difference = (pick: (figures: Figures) => number): string =>
    spread(
      [...own].flatMap(([seed, figures]) => {
        const other = reference?.get(seed)
        return other === undefined ? [] : [pick(figures) - pick(other)]
      }),
      true,
    )
  const recall = ({ test }: Figures): number => test.recallAt1
  const mapAtR = ({ test }: Figures): number => test.mapAtR
  return [
    group.base,
    name,
    String(own.size),
    all(recall),
    difference(recall),
    all(mapAtR),
    difference(mapAtR),
    describeChoice(cell),
  ]
}

/** Percent, with half the 95 % t interval. */
function spread(values: readonly number[], signed = false): string {
  const summary = summarise(values)
  if (summary === null) return ''
  const { mean, interval } = summary
  const sign = signed && mean > 0 ? '+' : ''
  return `${sign}${(100 * mean).toFixed(1)} ± ${(100 * (interval[1] - mean)).toFixed(1)}`
}

function describeChoice({ learningRate, regularize, regularizerParams }: Cell): string {
  const weights = Object.entries(regularize).map(
    ([name, weight]) => `${name} ${Number(weight.toPrecision(3))}`,
  )
  const params = Object.entries(regularizerParams).flatMap(([owner, values]) =>
    Object.entries(values).map(([name, value]) => `${owner}.${name} ${value}`),
  )
  return [`rate ${learningRate}`, ...weights, ...params].join(', ')
}
