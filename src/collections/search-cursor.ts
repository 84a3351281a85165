import { createHash } from 'node:crypto'
import { deflateRawSync, inflateRawSync } from 'node:zlib'
import { KindredError } from '../errors.js'
import { broadestSearch } from './collection-spec.js'
import { invalidCursor } from './cursor.js'

/** How far the pages of a search have come. */
export interface SearchPosition {
  /** Names the state of the items; pages of another state could repeat or skip some. */
  readonly generation: string
  /** Numbers of the items that were answered, one for each result. */
  readonly answered: readonly number[]
}

/** What a cursor belongs to. */
export interface CursorScope {
  /** Everything about the search but its embedding, as text. */
  readonly search: string
  /** Unit length. */
  readonly embedding: Float32Array
}

const version = 1
/** Longest cursor, in characters: of 100,000 items spread over millions. */
export const longestSearchCursor = 1 << 19
const mostBytes = 1 << 22
const sketchSize = 16
/** The same picture embedded again, in another batch, differs in the last bits. */
const sketchTolerance = 2

/**
 * An opaque cursor of a search. It holds what was answered, and no place in an order: a graph may find today what it
 * missed on the page before, and still nothing comes twice and nothing is left out.
 */
export function encodeSearchCursor(scope: CursorScope, { generation, answered }: SearchPosition): string {
  const sorted = [...answered].sort((a, b) => a - b)
  // Differences of sorted numbers are small, and small numbers deflate well.
  const steps = sorted.map((number, at) => number - (sorted[at - 1] ?? 0))
  const content = [version, hashOf(scope.search), sketchOf(scope.embedding), generation, steps]
  return deflateRawSync(JSON.stringify(content)).toString('base64url')
}

/** @throws KindredError INVALID_CURSOR where it is none, or belongs to another search */
export function decodeSearchCursor(scope: CursorScope, cursor: string): SearchPosition {
  const content = parse(cursor)
  if (!Array.isArray(content) || content.length !== 5) throw invalidCursor('It is not a cursor of a search.')
  const [theirVersion, search, sketch, generation, steps] = content as unknown[]
  if (theirVersion !== version) throw invalidCursor('It was made by another version.')
  if (search !== hashOf(scope.search) || !alike(sketch, sketchOf(scope.embedding))) {
    throw invalidCursor('It belongs to another search.')
  }
  if (typeof generation !== 'string' || !isSteps(steps))
    throw invalidCursor('It is not a cursor of a search.')
  let number = 0
  return { generation, answered: steps.map((step) => (number += step)) }
}

export const cursorGone = (): KindredError =>
  new KindredError('CURSOR_GONE', 'The items have changed since this cursor was made')

function parse(cursor: string): unknown {
  if (cursor.length > longestSearchCursor || !/^[A-Za-z0-9_-]+$/.test(cursor)) return null
  try {
    const bytes = inflateRawSync(Buffer.from(cursor, 'base64url'), { maxOutputLength: mostBytes })
    return JSON.parse(bytes.toString('utf8'))
  } catch {
    return null
  }
}

const hashOf = (text: string): string => createHash('sha256').update(text).digest('base64url').slice(0, 22)

/** Sixteen sums of the embedding's values, with signs that alternate, in thousandths. */
function sketchOf(embedding: Float32Array): number[] {
  const sums = new Array<number>(sketchSize).fill(0)
  for (const [at, value] of embedding.entries()) {
    const sign = Math.floor(at / sketchSize) % 2 === 0 ? 1 : -1
    sums[at % sketchSize] = (sums[at % sketchSize] ?? 0) + sign * value
  }
  return sums.map((sum) => Math.round(1000 * sum))
}

const alike = (theirs: unknown, ours: readonly number[]): boolean =>
  Array.isArray(theirs) &&
  theirs.length === ours.length &&
  ours.every((value, at) => Math.abs(value - Number(theirs[at])) <= sketchTolerance)

const isSteps = (steps: unknown): steps is number[] =>
  Array.isArray(steps) &&
  steps.length <= broadestSearch &&
  steps.every((step) => Number.isSafeInteger(step) && step >= 0)
