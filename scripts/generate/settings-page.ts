import { keyVariable } from '../../src/cli/key-option.js'
import { flagOf, ofRecipes, settings, variableOf } from '../../src/config.js'
import { cacheVariable } from '../../src/tensors/setup/cache-folder.js'
import { flavourVariable } from '../../src/tensors/setup/flavour.js'
import { describeTrainSettings } from '../../src/training/settings.js'
import { code, table } from '../markdown-table.js'

/** docs/settings.md */
export function settingsPage(): string {
  return `# Settings

<!-- Made from src/config.ts, src/cli, src/tensors/setup and src/training/settings.ts by: npm run generate -->

## Of the program

Each is a flag of the commands that use it, an environment variable, and a name in a file that \`--config-file\` names (YAML or
JSON). Flags win over the environment, the environment over the file.

${table(['name', 'flag', 'environment', 'default', 'accepts', 'what it is'], programRows())}

## Of the environment alone

${table(['environment', 'default', 'accepts', 'what it is'], variableRows())}

## Of a training run

What \`kindred train --config FILE\` reads (YAML or JSON); flags win over it. \`kindred train --dry-run\` prints the resolved
settings of a run in this form. The parameters of losses are in [losses.md](losses.md).

${table(['name', 'default', 'accepts', 'what it is'], trainRows())}
`
}

function programRows(): string[][] {
  return Object.entries(settings)
    .filter(([name]) => !ofRecipes.some((one) => one === name))
    .map(([name, setting]) => {
      const accepts =
        'range' in setting
          ? setting.range.join(' to ')
          : 'choices' in setting
            ? setting.choices.join(', ')
            : typeof setting.default === 'boolean'
              ? 'true, false'
              : ''
      return [
        code(name),
        code(flagOf(name)),
        code(variableOf(name)),
        code(String(setting.default)),
        accepts,
        setting.description,
      ]
    })
}

function variableRows(): string[][] {
  const ofSettings = ofRecipes.map((name) => {
    // Where the sets lie is each machine's own affair.
    const { description } = settings[name]
    return { name: variableOf(name), default: '', accepts: '', description }
  })
  return [...ofSettings, keyVariable, cacheVariable, flavourVariable].map(
    ({ name, default: fallback, accepts, description }) => [code(name), fallback, accepts, description],
  )
}

const trainRows = (): string[][] =>
  describeTrainSettings().map(({ name, description, default: fallback, accepts = '' }) => [
    code(name),
    fallback === undefined ? 'must be given' : code(JSON.stringify(fallback)),
    accepts,
    description,
  ])
