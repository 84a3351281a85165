import { Option, type Command } from 'commander'
import { flagOf, loadConfig, settings, variableOf, type Config, type SettingName } from '../config.js'

/** What a command that takes pictures by URL can be told. */
export const fetchSettings = [
  'fetchFrom',
  'fetchPorts',
  'fetchSeconds',
  'fetchRedirects',
] as const satisfies readonly SettingName[]

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
  return command.option('--config-file <file>', 'settings of the program by name, YAML or JSON')
}

/**
 * The settings of this run: the command's flags over environment over file.
 *
 * @param names those whose flags count; not all where a command has a flag of a setting's name that means something else
 */
export function configOf(command: Command, names?: readonly SettingName[]): Config {
  const given: Partial<Record<SettingName, unknown>> & { configFile?: string } = command.optsWithGlobals()
  const { configFile } = given
  const flags = names === undefined ? given : Object.fromEntries(names.map((name) => [name, given[name]]))
  return loadConfig({ flags, env: process.env, ...(configFile !== undefined && { file: configFile }) })
}

/** A command's own flags, without those that `addSettings` gave it. */
export const withoutSettings = <F extends object>(flags: F, names: readonly SettingName[]): F =>
  Object.fromEntries(
    Object.entries(flags).filter(([name]) => name !== 'configFile' && !names.some((one) => one === name)),
  ) as F
