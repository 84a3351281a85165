import type { ItemCondition } from '../../collections/item-condition.js'
import { readEntityTags } from './entity-tags.js'

/** Headers of a conditional request (RFC 9110 section 13.1), whose form the contract has checked. */
export interface PreconditionHeaders {
  readonly 'If-Match'?: string
  readonly 'If-None-Match'?: string
}

/** What the headers of a write ask of the item; null where they ask nothing. */
export function readCondition(headers: PreconditionHeaders): ItemCondition | null {
  const { 'If-Match': match, 'If-None-Match': noneMatch } = headers
  if (match === undefined && noneMatch === undefined) return null
  return {
    ...(match !== undefined && { matches: versionsIn(match, { weak: false }) }),
    ...(noneMatch !== undefined && { matchesNone: versionsIn(noneMatch, { weak: true }) }),
  }
}

/** @param compare.weak whether weak tags count, as they do for If-None-Match alone (section 13.1) */
function versionsIn(header: string, compare: { readonly weak: boolean }): string[] | '*' {
  const tags = readEntityTags(header)
  return tags === '*' ? '*' : tags.filter(({ weak }) => compare.weak || !weak).map(({ tag }) => tag)
}
