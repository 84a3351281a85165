import { withoutPassword } from '../../bench/live/benchmark.js'

/** The command as it was typed, without what it was given as a key. */
export function commandLine(argv: readonly string[]): string {
  const shown = argv.map((word, at) => {
    if (argv[at - 1] === '--key') return '...'
    return word.startsWith('--key=') ? '--key=...' : withoutPassword(word)
  })
  return ['kindred', ...shown].join(' ')
}
