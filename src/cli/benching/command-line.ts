/** The command as it was typed, without what it was given as a key. */
export function commandLine(argv: readonly string[]): string {
  const shown = argv.map((word, at) => {
    if (argv[at - 1] === '--key') return '...'
    return word.startsWith('--key=') ? '--key=...' : withoutPassword(word)
  })
  return ['kindred', ...shown].join(' ')
}

/** An address without the name and password that may stand in it. */
export const withoutPassword = (word: string): string => word.replace(/^(https?:\/\/)[^/@]*@/, '$1')
