/** Markup that may stand in a page as it is. Made only by `html` and `trusted`. */
export class Html {
  constructor(readonly markup: string) {}
}

type Part = Html | string | number | false | null | undefined | readonly Part[]

/** A template whose values are escaped, unless they are markup themselves; lists are joined, nothing stays nothing. */
export function html(texts: TemplateStringsArray, ...parts: readonly Part[]): Html {
  return new Html(texts.map((text, at) => text + (at < parts.length ? markupOf(parts[at]) : '')).join(''))
}

/** Markup that this program wrote itself, such as a style sheet. */
export const trusted = (markup: string): Html => new Html(markup)

function markupOf(part: Part): string {
  if (part instanceof Html) return part.markup
  if (part === undefined || part === null || part === false) return ''
  if (typeof part === 'string') return escapeText(part)
  if (typeof part === 'number') return String(part)
  return part.map(markupOf).join('')
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Safe between tags and within quoted attributes. */
const escapeText = (text: string): string => text.replace(/[&<>"']/g, (mark) => escapes[mark] ?? mark)
