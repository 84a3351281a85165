import { Option, type Command } from 'commander'
import { flagOf, loadConfig, settings, variableOf, type Config, type SettingName } from '../config.js'

/** Gives a command the flags of the settings it uses, described as in the registry, and `--config-file`. */
export function addSettings(command: Command, names: readonly SettingName[]): Command {
  for (const name of names) {
    const { description, default: fallback } = settings[name]
    const shown =
      typeof fallback === 'boolean' ? '' : ` <${typeof fallback === 'number' ? 'number' : 'value'}>`
    const facts = `(default: ${String(fallback)}) [${variableOf(name)}]`
    // No default of commander's: loadConfig must still tell a flag from a default.
    command.addOption(new Option(`${flagOf(name)}${shown}`, `${description} ${facts}`))
  }
  return command.option('--config-file <file>', 'settings by name, YAML or JSON')
}

/** The settings of this run: the command's flags over environment over file. */
export function configOf(command: Command): Config {
  const flags: Partial<Record<SettingName, unknown>> & { configFile?: string } = command.optsWithGlobals()
  const { configFile } = flags
  return loadConfig({ flags, env: process.env, ...(configFile !== undefined && { file: configFile }) })
}
