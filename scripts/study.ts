import { fork } from 'node:child_process'
import { once } from 'node:events'
import { writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { format } from 'prettier'
import { list, scriptOptions, text, whole } from './script-options.js'
import { fineTunedGroups, headGroups, type Group } from './study/cells.js'
import { openResults } from './study/results.js'
import { renderTables } from './study/table.js'
import { openTasks } from './study/tasks.js'
import type { Assignment } from './study/worker.js'

const about =
  'What the regularisers and the hybrid distance bring, measured on classes that training never saw.\n\n' +
  'Every method of heads searches nine settings by MAP@R on validation classes with seed 0, then runs on every seed. Runs of a ' +
  'seed share split, initial weights and batches, so differences are paired by seed. It can be stopped at any time: what is ' +
  'finished is kept, and the same command goes on. KINDRED_DATA names the folder of the published sets.'

const values = scriptOptions('study', about, {
  parts: list(
    'PART',
    ['heads', 'fine-tuned'],
    'heads on frozen features; the last twelve blocks of the backbone too (birds, three seeds)',
  ),
  tasks: list('TASK', ['birds', 'grocery'], "CUB-200-2011's first hundred classes, and GroceryStore"),
  noise: list('SHARE', ['0', '0.3'], 'of wrong labels'),
  seeds: whole(10, 'runs of every method of heads, once its search is done'),
  minutes: whole(600, 'begin no run after that'),
  processes: whole(os.availableParallelism(), 'that run at once; by default one a core'),
  folder: text('FOLDER', 'docs/studies', 'where runs (one a line) and tables are kept'),
})

const data = process.env['KINDRED_DATA'] ?? '../shared/data'
const tasks = openTasks(data).filter(({ name }) => values.tasks.includes(name))
if (tasks.length === 0) {
  console.log(`skipped: the pictures of ${values.tasks.join(',')} are not there; see scripts/prepare-data.ts`)
  process.exit(0)
}

interface Part {
  readonly title: string
  readonly groups: readonly Group[]
  readonly seeds: number
  readonly epochs: number
  readonly processes: number
  readonly env: Readonly<Record<string, string>>
}

const parts: Readonly<Record<string, Part>> = {
  heads: {
    title: 'Heads on frozen features',
    groups: headGroups(
      tasks.map(({ name }) => name),
      values.noise.map(Number),
    ),
    seeds: values.seeds,
    epochs: 5,
    // Heads are small: several at once, on a thread each, are faster than one on all.
    processes: values.processes,
    env: { TF_NUM_INTRAOP_THREADS: '1', OMP_NUM_THREADS: '1' },
  },
  'fine-tuned': {
    title: 'The last twelve blocks and the head',
    groups: fineTunedGroups.filter(({ task }) => tasks.some(({ name }) => name === task)),
    seeds: 3,
    epochs: 6,
    processes: 1,
    env: {},
  },
}
const deadline = Date.now() + 60_000 * values.minutes

for (const name of values.parts) {
  const part = parts[name]
  if (part === undefined) throw new Error(`There is no part ${name}: ${Object.keys(parts).join(', ')}`)
  const file = path.join(values.folder, name)
  const seeds = Array.from({ length: part.seeds }, (_, seed) => seed)
  const { epochs, groups } = part
  const queue = [...groups]
  const assignment = { seeds, epochs, data, results: `${file}.jsonl`, deadline }
  await Promise.all(Array.from({ length: part.processes }, () => workOff(queue, assignment, part.env)))
  const tables = renderTables(groups, openResults(assignment.results), seeds)
  const page = `# ${part.title}\n\n<!-- Made by: npm run study -->\n\n${tables}`
  writeFileSync(`${file}.md`, await format(page, { parser: 'markdown' }))
  console.log(`the tables are in ${file}.md`)
}

/** Lets a process of its own work off groups until there are none. */
async function workOff(
  queue: Group[],
  assignment: Omit<Assignment, 'group'>,
  env: Part['env'],
): Promise<void> {
  const child = fork(new URL('study/worker.ts', import.meta.url), {
    execArgv: ['--import', 'tsx'],
    env: { ...process.env, ...env },
  })
  const give = (): void => {
    const group = queue.shift()
    if (group === undefined) child.disconnect()
    else child.send({ ...assignment, group } satisfies Assignment)
  }
  child.on('message', give)
  give()
  const [code] = (await once(child, 'exit')) as [number | null]
  if (code !== 0) throw new Error('a process of the study failed; what it finished is kept')
}
