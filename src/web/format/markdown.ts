/** A part of a text in Markdown, as far as model cards use it. */
export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly text: string }
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'list'; readonly items: readonly string[] }
  | {
      readonly kind: 'table'
      readonly head: readonly string[]
      readonly rows: readonly (readonly string[])[]
    }

/** Reads headings, paragraphs, lists, tables and blocks of code; all else is a paragraph. */
export function readMarkdown(text: string): Block[] {
  const blocks: Block[] = []
  const lines = text.split(/\r?\n/)
  const take = (belongs: (line: string) => boolean): string[] => {
    const taken: string[] = []
    while (lines[0] !== undefined && belongs(lines[0])) taken.push(lines.shift() ?? '')
    return taken
  }
  while (lines.length > 0) {
    const line = lines[0] ?? ''
    const heading = /^(#{1,6})\s+(.*)$/.exec(line)
    if (line.trim() === '') lines.shift()
    else if (heading !== null) {
      lines.shift()
      blocks.push({ kind: 'heading', level: heading[1]?.length ?? 1, text: heading[2] ?? '' })
    } else if (line.startsWith('```')) {
      lines.shift()
      blocks.push({ kind: 'code', text: take((one) => !one.startsWith('```')).join('\n') })
      lines.shift()
    } else if (/^(\t| {4})/.test(line)) {
      blocks.push({
        kind: 'code',
        text: take(isIndented)
          .join('\n')
          .replaceAll(/^(\t| {4})/gm, '')
          .trimEnd(),
      })
    } else if (isItem(line)) blocks.push({ kind: 'list', items: itemsOf(take((one) => one.trim() !== '')) })
    else if (line.startsWith('|')) {
      const [head = [], , ...rows] = take((one) => one.startsWith('|')).map(cellsOf)
      blocks.push({ kind: 'table', head, rows })
    } else blocks.push({ kind: 'paragraph', text: take(isProse).join(' ') })
  }
  return blocks
}

const isIndented = (line: string): boolean => line.trim() === '' || /^(\t| {4})/.test(line)
const isItem = (line: string): boolean => /^\s*([-*+]|\d+\.)\s+/.test(line)
const isProse = (line: string): boolean =>
  line.trim() !== '' && !isItem(line) && !/^(#{1,6}\s|```|\|)/.test(line)

/** A line without a sign of its own goes on with the item before it. */
const itemsOf = (lines: readonly string[]): string[] =>
  lines.reduce<string[]>((items, line) => {
    const text = line.trim()
    if (isItem(line)) return [...items, text.replace(/^([-*+]|\d+\.)\s+/, '')]
    return [...items.slice(0, -1), `${items.at(-1) ?? ''} ${text}`.trim()]
  }, [])

const cellsOf = (line: string): string[] =>
  line
    .replaceAll(/^\||\|\s*$/g, '')
    .split('|')
    .map((cell) => cell.trim())

/** A piece of a line. A link is shown as its text: cards link to files that lie beside them. */
export interface Piece {
  readonly kind: 'text' | 'strong' | 'code' | 'link'
  readonly text: string
  /** Of a link that leads to a site. */
  readonly href?: string
}

export function readLine(line: string): Piece[] {
  const pieces: Piece[] = []
  let end = 0
  for (const match of line.matchAll(
    /`([^`]+)`|\*\*([^*]+)\*\*|\[([^\]]+)\]\(([^)\s]+)\)|<(https?:\/\/[^>\s]+)>/g,
  )) {
    if (match.index > end) pieces.push({ kind: 'text', text: line.slice(end, match.index) })
    end = match.index + match[0].length
    const [, code, strong, label, target, address] = match
    const href = address ?? target
    if (code !== undefined) pieces.push({ kind: 'code', text: code })
    else if (strong !== undefined) pieces.push({ kind: 'strong', text: strong })
    else if (href !== undefined && /^https?:\/\//.test(href))
      pieces.push({ kind: 'link', text: label ?? href, href })
    else pieces.push({ kind: 'text', text: label ?? '' })
  }
  if (end < line.length) pieces.push({ kind: 'text', text: line.slice(end) })
  return pieces
}
