/** A piece of a guide that runs, and what the page shows that it prints. */
export interface Example {
  /** Where it begins in the page, counted from 1. */
  readonly line: number
  readonly language: 'sh' | 'js'
  readonly code: string
  /** Lines of the `text` block right below it; empty where there is none. */
  readonly prints: readonly string[]
}

/**
 * The examples of a Markdown page, in order: its fenced blocks of `sh` and `js`. Every other fenced block has to be the
 * `text` that the example right above it prints, so that nothing in a guide looks like an example and is never run.
 *
 * @throws Error that names the line of any other block
 */
export function readGuide(markdown: string): Example[] {
  const lines = markdown.split('\n')
  const examples: Example[] = []
  let below = false
  for (let at = 0; at < lines.length; at++) {
    const fence = /^```(\w*)/.exec(lines[at] ?? '')
    if (fence === null) {
      if (lines[at] !== '') below = false
      continue
    }
    const line = at + 1
    const end = lines.indexOf('```', line)
    if (end < 0) throw new Error(`line ${line}: the block has no end`)
    const block = lines.slice(line, end)
    const [, language] = fence
    const above = below ? examples.pop() : undefined
    if (language === 'sh' || language === 'js') {
      if (above !== undefined) examples.push(above)
      examples.push({ line, language, code: block.join('\n'), prints: [] })
    } else if (language === 'text' && above !== undefined) examples.push({ ...above, prints: block })
    else throw new Error(`line ${line}: a block of ${language ?? ''} that is no example's output`)
    below = language !== 'text'
    at = end
  }
  return examples
}

/**
 * The first of the shown lines that an output lacks; null where it has them all, in order. Any number stands for any other, and
 * `…` for any text: figures differ from machine to machine.
 */
export function missingLine(prints: readonly string[], output: string): string | null {
  const left = output.split('\n').map(masked)
  for (const shown of prints) {
    const at = left.findIndex((line) => fits(masked(shown), line))
    if (at < 0) return shown
    left.splice(0, at + 1)
  }
  return null
}

const masked = (line: string): string => line.trimEnd().replaceAll(/\d+(\.\d+)?/g, '#')

function fits(shown: string, line: string): boolean {
  const [start = '', ...rest] = shown.split('…')
  const end = rest.pop()
  if (end === undefined) return shown === line
  if (!line.startsWith(start)) return false
  let at = start.length
  for (const part of rest) {
    const found = line.indexOf(part, at)
    if (found < 0) return false
    at = found + part.length
  }
  return line.length - end.length >= at && line.endsWith(end)
}
