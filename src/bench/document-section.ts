import { readFile, writeFile } from 'node:fs/promises'

/**
 * Puts a section that a measurement wrote into a Markdown file, between comments that name it, in the place of what
 * stands between them.
 *
 * @param file has the comments `<!-- NAME: begin -->` and `<!-- NAME: end -->`
 */
export async function documentSection(file: string, name: string, section: string): Promise<void> {
  const text = await readFile(file, 'utf8')
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${file} has no place for ${name}: ${begin} ... ${end}`)
  const { format, resolveConfig } = await import('prettier')
  const changed = `${text.slice(0, from + begin.length)}\n\n${section}\n\n${text.slice(to)}`
  await writeFile(file, await format(changed, { ...(await resolveConfig(file)), parser: 'markdown' }))
}
