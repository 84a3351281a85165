import { Command, Option } from 'commander'
import { exitCode, numberWithin, wholeNumber } from '../src/cli/exit.js'

type Value = string | number | boolean | readonly string[] | undefined

/** One option of a script: what it takes (null: nothing, it is a flag), and its value where it is not given. */
interface ScriptOption<T extends Value> {
  readonly takes: string | null
  readonly about: string
  readonly byDefault: T
  readonly read: (text: string) => T
}

type ScriptOptions = Readonly<Record<string, ScriptOption<Value>>>
type Given<Options extends ScriptOptions> = {
  readonly [Name in keyof Options]: Options[Name] extends ScriptOption<infer T> ? T : never
}

export const whole = (byDefault: number, about: string, least = 1): ScriptOption<number> => ({
  ...{ takes: 'N', about, byDefault },
  read: wholeNumber(least),
})

/** A whole number from 1 that need not be given. */
export const optionalWhole = (about: string): ScriptOption<number | undefined> => ({
  ...{ takes: 'N', about, byDefault: undefined },
  read: wholeNumber(1),
})

/** A number from 0. */
export const amount = (byDefault: number, about: string): ScriptOption<number> => ({
  ...{ takes: 'X', about, byDefault },
  read: numberWithin(0, Number.MAX_VALUE),
})

/** @param takes what kind of text: `FILE` */
export const text = (takes: string, byDefault: string, about: string): ScriptOption<string> => ({
  ...{ takes, about, byDefault },
  read: String,
})

/** Text that need not be given. */
export const optionalText = (takes: string, about: string): ScriptOption<string | undefined> => ({
  ...{ takes, about, byDefault: undefined },
  read: String,
})

/** Texts with commas between them. */
export const list = (
  takes: string,
  byDefault: readonly string[],
  about: string,
): ScriptOption<readonly string[]> => ({
  ...{ takes: `${takes},...`, about, byDefault },
  read: (given) => given.split(','),
})

export const flag = (about: string): ScriptOption<boolean> => ({
  ...{ takes: null, about, byDefault: false },
  read: Boolean,
})

/**
 * The command line of a script of this repository: `npm run bench:filters -- --count 1000`. `--help` ends the process, and
 * so does, with exit code 2 and a line that says what is wrong, what the script does not take.
 *
 *     const given = scriptOptions('bench:filters', 'Times searches.', { count: whole(20_000, 'embeddings') })
 *
 * @param options by name, in camel case; the flags are in kebab case
 * @param args without the program's own name
 */
export function scriptOptions<Options extends ScriptOptions>(
  script: string,
  about: string,
  options: Options,
  args: readonly string[] = process.argv.slice(2),
): Given<Options> {
  const command = new Command(`npm run ${script} --`).description(about)
  for (const [name, { takes, about: of, byDefault, read }] of Object.entries(options)) {
    const flags = `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`
    if (takes === null) command.option(flags, of)
    else {
      const option = new Option(`${flags} <${takes}>`, of).argParser(read)
      command.addOption(byDefault === undefined ? option : option.default(byDefault, String(byDefault)))
    }
  }
  command.exitOverride(({ exitCode: code }) => process.exit(code === 0 ? 0 : exitCode.usage))
  const given = command.parse(args, { from: 'user' }).opts<Partial<Given<Options>>>()
  return Object.fromEntries(
    Object.entries(options).map(([name, { byDefault }]) => [name, given[name] ?? byDefault]),
  ) as Given<Options>
}
