import type { BundleManifest } from '../bundles/manifest.js'
import type { ValidationFigures } from './validate.js'

/** What a card says beyond the manifest. */
export interface CardDetails {
  /** The command that made the bundle, as it was typed. */
  readonly command: string | undefined
  /** What the network started from. */
  readonly init: string
  readonly epoch: number
  readonly epochs: number
  /** Of the chosen epoch; null without validation classes. */
  readonly figures: ValidationFigures | null
}

/** The bundle's README.md: what it is, what it learned from, how good it is, how it was made and how to use it. */
export function renderCard(
  manifest: Omit<BundleManifest, 'formatVersion' | 'files' | 'fingerprint'>,
  { command, init, epoch, epochs, figures }: CardDetails,
): string {
  const { name, description, architecture, input, embedding, data, metrics, heldOut, licence } = manifest
  const head = architecture.head === null ? 'no head' : `a linear head to ${architecture.head} values`
  return [
    `# ${name}`,
    description,
    '## What it is',
    [
      `- Network: ${architecture.backbone}, ${architecture.pooling} pooling, ${head}`,
      `- Embedding: ${embedding.dimensions} values at unit length; similarity is their dot product`,
      `- Input: ${input.width} x ${input.height} px RGB, ${input.fit}, ${input.kernel} resampling`,
      `- Started from: ${init}`,
      `- Chosen: epoch ${epoch} of ${epochs}`,
    ].join('\n'),
    '## What it learned from',
    table(
      ['set', 'pictures', 'classes', 'licence of the pictures'],
      data.map((set) => [set.name, set.images, set.classes, set.licence]),
    ),
    'Classes for training and for choosing the epoch are disjoint.',
    heldOut.length === 0
      ? ''
      : `Kept out of both, to measure on classes never seen (${heldOut.length}): ${heldOut.join(', ')}.`,
    '## How good it is',
    figures === null
      ? 'No class was kept for validation, so nothing was measured.'
      : `Measured on ${figures.queries} pictures of ${figures.classes} classes that training did not see, each asked for among all the others. The epoch was chosen by these figures, so they flatter it a little.`,
    figures === null
      ? ''
      : table(
          ['figure', 'value'],
          Object.entries(metrics).map(([figure, share]) => [figure, `${(100 * share).toFixed(1)} %`]),
        ),
    '## Licence',
    `${licence.spdx}.`,
    licence.notices.map((notice) => `- ${notice}`).join('\n'),
    '## How to use it',
    fence(
      `kindred index PICTURES --collection NAME --model models/${name}\nkindred search PICTURE --collection NAME`,
    ),
    command === undefined ? '' : `## How it was made\n\n${fence(command)}`,
    'Every setting and seed of the run is in `model.json` under `training`.',
  ]
    .filter((part) => part !== '')
    .join('\n\n')
    .concat('\n')
}

const fence = (text: string): string => `\`\`\`sh\n${text}\n\`\`\``

function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const line = (cells: readonly (string | number)[]): string => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n')
}
