import { describeTrainSettings, type DescribedSetting } from '../training/settings.js'

/** What `kindred train --help` says below the flags: an example, and every setting of a configuration file. */
export function trainHelp(): string {
  return [
    '\nExample:',
    '  kindred train --data photos/ --output models/mine --epochs 10',
    '  (photos/ has one folder per class; then: kindred serve --model models/mine)',
    '\nEvery setting of --config (YAML or JSON), with its default and what it accepts:',
    ...describeTrainSettings().map(describe),
  ].join('\n')
}

function describe({ name, description, default: fallback, accepts }: DescribedSetting): string {
  const shown = fallback === undefined ? 'must be given' : `default ${JSON.stringify(fallback)}`
  return `  ${name} (${[shown, accepts].filter((part) => part !== undefined).join('; ')})\n      ${description}`
}
