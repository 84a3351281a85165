import { knownDistances } from '../../src/losses/distances/registry.js'
import type { Params } from '../../src/losses/params.js'
import { knownLosses, knownRegularisers } from '../../src/losses/registry.js'
import { code, table } from '../markdown-table.js'

/** docs/losses.md */
export function lossesPage(): string {
  return `# Losses

<!-- Made from src/losses by: npm run generate -->

A run has one base loss and any number of regularisers, each with its weight:

    kindred train --data photos/ --output models/mine --loss multi-similarity --regularize lsd:1000,ranking:0.23

Parameters are set with \`--loss-params margin=0.2\`, \`--distance-params divergence=hellinger\` and
\`--regularizer-params lsd.tau=2,ranking.r=0.3\`, or under \`lossParams\`, \`distanceParams\` and \`regularizerParams\` of a
configuration file. What each brings was measured in [studies/regularisers.md](studies/regularisers.md).

## Base losses

${knownLosses()
  .map(({ name, summary, source, params, takesDistance }) =>
    section(name, summary, source, params, takesDistance === true ? 'Takes a distance (`--distance`).' : ''),
  )
  .join('\n')}
## Regularisers

${knownRegularisers()
  .map(({ name, summary, source, params, weight, ramped, needsTeacher }) =>
    section(
      name,
      summary,
      source,
      params,
      [
        `Default weight ${weight}.`,
        ramped === true ? 'The weight grows by epoch, from 0.' : '',
        needsTeacher === true
          ? 'Compares with the network as it stood when the last epoch ended, which costs a forward pass a step.'
          : '',
      ].join(' '),
    ),
  )
  .join('\n')}
## Distances

Of contrastive, triplet and margin: \`--distance euclidean\` or \`--distance ghm:0.5\`.

${knownDistances()
  .map(({ name, summary, params }) => section(name, summary, '', params, ''))
  .join('\n')}`
}

function section(name: string, summary: string, source: string, params: Params, more: string): string {
  const rows = Object.entries(params).map(([param, { description, range, choices, ...one }]) => [
    code(param),
    code(String(one.default)),
    one.defaultInUnitRange === undefined ? '' : code(String(one.defaultInUnitRange)),
    accepted(range, choices, one.default),
    description,
  ])
  const differs = rows.some(([, , unit]) => unit !== '')
  const shown = differs
    ? rows
    : rows.map(([param = '', fallback = '', , ...rest]) => [param, fallback, ...rest])
  const head = ['parameter', 'default', ...(differs ? ['default with ghm'] : []), 'accepts', 'what it is']
  return [
    `### ${name}\n`,
    [summary, more].filter((part) => part.trim() !== '').join(' '),
    ...(source === '' ? [] : ['', `Source: ${source}.`]),
    ...(rows.length === 0 ? [] : ['', table(head, shown)]),
    '',
  ].join('\n')
}

function accepted(
  range: readonly [number, number] | undefined,
  choices: readonly string[] | undefined,
  fallback: unknown,
): string {
  if (choices !== undefined) return choices.join(', ')
  if (typeof fallback === 'boolean') return 'true, false'
  if (range?.every(Number.isFinite) !== true) return 'a number'
  return range.join(' to ')
}
