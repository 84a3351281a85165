import { readFile, writeFile } from 'node:fs/promises'
import { KindredError } from '../../src/errors.js'

/**
 * Puts a section that a measurement wrote into a Markdown file, between comments that name it, in the place of what
 * stands between them.
 *
 * @param file has the comments `<!-- NAME: begin -->` and `<!-- NAME: end -->`
 * @throws KindredError INVALID_ARGUMENT where it has not, or cannot be read
 */
export async function documentSection(file: string, name: string, section: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new KindredError('INVALID_ARGUMENT', `${file} cannot be read`, { cause })
  })
  const [begin, end] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`]
  const [from, to] = [text.indexOf(begin), text.indexOf(end)]
  if (from < 0 || to < from)
    throw new KindredError('INVALID_ARGUMENT', `${file} has no place for ${name}: ${begin} ... ${end}`)
  const { format, resolveConfig } = await import('prettier')
  const changed = `${text.slice(0, from + begin.length)}\n\n${section}\n\n${text.slice(to)}`
  await writeFile(file, await format(changed, { ...(await resolveConfig(file)), parser: 'markdown' }))
}
