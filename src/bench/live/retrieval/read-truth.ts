import path from 'node:path'
import { readLines } from '../../../datasets/text-lines.js'
import { KindredError } from '../../../errors.js'
import type { BenchQuery } from './query.js'

/**
 * Reads queries and their right answers, a JSON object a line: `{"query": "photo.jpg", "relevant": ["id", ...]}` with a path
 * relative to the file, or `{"itemId": "...", "relevant": [...]}` for an item of the collection; `label`, where there is
 * one, is the class that figures are grouped by.
 *
 * @param longest bytes of a line
 * @throws KindredError DATASET_INVALID with file and line
 */
export async function readTruth(file: string, longest: number): Promise<BenchQuery[]> {
  const folder = path.dirname(path.resolve(file))
  const queries: BenchQuery[] = []
  const seen = new Set<string>()
  for await (const { line, text, problem } of readLines(file, longest).lines) {
    const fail = (what: string): never => {
      throw new KindredError('DATASET_INVALID', `${file}, line ${line}: ${what}`)
    }
    const query = toQuery(parse(text ?? fail(problem ?? 'the line cannot be read'), fail), folder, fail)
    if (seen.has(query.id)) fail(`${query.id} came before`)
    seen.add(query.id)
    queries.push(query)
  }
  if (queries.length === 0) throw new KindredError('DATASET_INVALID', `${file} holds no query`)
  return queries
}

function parse(text: string, fail: (what: string) => never): Readonly<Record<string, unknown>> {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return fail('expected a JSON object')
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    return fail('expected a JSON object')
  }
  return parsed as Readonly<Record<string, unknown>>
}

function toQuery(
  { query, itemId, relevant, label = null, ...others }: Readonly<Record<string, unknown>>,
  folder: string,
  fail: (what: string) => never,
): BenchQuery {
  const [unknown] = Object.keys(others)
  if (unknown !== undefined) fail(`there is no ${unknown}; only query, itemId, relevant and label`)
  if (!isIds(relevant)) return fail('expected relevant to be a list of at least one id')
  if (label !== null && typeof label !== 'string') return fail('expected label to be text')
  const known = { label, relevant: [...new Set(relevant)] }
  if (typeof query === 'string' && itemId === undefined) {
    return { id: query, asks: { picture: { path: path.resolve(folder, query) } }, ...known }
  }
  if (typeof itemId === 'string' && query === undefined) return { id: itemId, asks: { itemId }, ...known }
  return fail('expected either query, the path of a picture, or itemId')
}

const isIds = (value: unknown): value is readonly string[] =>
  Array.isArray(value) && value.length > 0 && value.every((id) => typeof id === 'string')
