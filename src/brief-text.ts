/** Levels, entries of each, and characters that are shown. */
const deepest = 3
const most = 8
const longest = 80

/**
 * A value as a message shows it: at most 80 characters of JSON, whatever its size. What is in it is looked at only as far as it
 * is shown: it may be nested thousands deep, or have a million entries.
 */
export function briefText(value: unknown): string {
  const text = show(value, 0)
  return text.length > longest ? `${text.slice(0, longest - 3)}...` : text
}

function show(value: unknown, level: number): string {
  if (typeof value === 'string') return JSON.stringify(value.slice(0, longest))
  if (typeof value !== 'object' || value === null) return String(value)
  const inside = (entry: unknown): string => (level < deepest ? show(entry, level + 1) : '...')
  if (Array.isArray(value)) {
    const entries = value.slice(0, most).map(inside)
    return `[${[...entries, ...(value.length > most ? ['...'] : [])].join(',')}]`
  }
  if (!isPlain(value)) return Object.prototype.toString.call(value)
  const names = Object.keys(value)
  const entries = names
    .slice(0, most)
    .map((name) => `${show(name, level)}:${inside((value as Readonly<Record<string, unknown>>)[name])}`)
  return `{${[...entries, ...(names.length > most ? ['...'] : [])].join(',')}}`
}

/** Not of a class, whose fields say little of what it is. */
function isPlain(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}
