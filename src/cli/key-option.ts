import { Option } from 'commander'

/** Also where a key is taken from, for a flag stays in the shell's history and in the list of processes. */
export const keyVariable = {
  name: 'KINDRED_KEY',
  default: '',
  accepts: '',
  description: 'API key for the server that a command talks to, for every command that has `--key`.',
} as const

/** `--key`, of commands that talk to a server. */
export const keyOption = (): Option =>
  new Option('--key <key>', 'API key for the server').env(keyVariable.name)
