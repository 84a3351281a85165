import { existsSync } from 'node:fs'
import path from 'node:path'
import type { LabelledSet } from '../../src/datasets/labelled-set.js'
import { readSet } from '../../src/datasets/read-set.js'

/** What a head learns from, and on which classes, never seen in training, it is measured. */
export interface Task {
  readonly name: string
  /** As the trainer's `data` takes it. */
  readonly data: Readonly<Record<string, unknown>>
  readonly queries: () => Promise<LabelledSet>
  /** Absent: each query is asked for among the others. */
  readonly gallery?: () => Promise<LabelledSet>
}

/** @param folder of the published sets @returns those tasks whose pictures are there */
export function openTasks(folder: string): Task[] {
  const birds = path.join(folder, 'cub-half', 'index.csv')
  const grocery = path.join(folder, 'grocery', 'index.csv')
  const heldOut = 'scripts/recipes/grocery-held-out.txt'
  const tasks: (Task & { file: string })[] = [
    {
      name: 'birds',
      file: birds,
      data: { path: birds, name: 'birds', labelColumn: 'class_id', classes: '0-49' },
      queries: () => readSet(birds, { labelColumn: 'class_id', classes: '50-99' }),
    },
    {
      name: 'grocery',
      file: grocery,
      data: {
        path: grocery,
        name: 'grocery',
        labelColumn: 'fine_name',
        split: 'train,iconic',
        heldOutLabelsFile: heldOut,
      },
      // Photos of customers of products that no training saw, each asking for its product among all of the catalogue.
      queries: () => readSet(grocery, { labelColumn: 'fine_name', split: 'test', classes: heldOut }),
      gallery: () => readSet(grocery, { labelColumn: 'fine_name', split: 'iconic' }),
    },
  ]
  return tasks.filter(({ file }) => existsSync(file))
}
