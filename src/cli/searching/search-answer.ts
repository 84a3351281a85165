import type { SearchPlan } from '../../collections/collection-store.js'
import type { Scalar } from '../../collections/filter/filter.js'

/** What a person and a script want to know of an answer; the server's answer has these fields, too. */
export interface SearchAnswer {
  /** Groups where --group-by asks for them. */
  readonly results: readonly (FoundItem | FoundGroup)[]
  readonly total: number
  /** `NAME@FINGERPRINT` */
  readonly model: string | null
  /** Whether every item that matches was compared. */
  readonly exact: boolean
  /** How it was found. */
  readonly plan: SearchPlan
}

interface Found {
  readonly id: string
  /** Cosine to the query. */
  readonly score: number
  /** Chance that it is of the query's class; absent where the model is not calibrated. */
  readonly probability?: number | undefined
  /** Near-duplicates that it stands for, with --collapse. */
  readonly collapsed?: number | undefined
}

export interface FoundItem extends Found {
  readonly group: string | null
  readonly metadata?: Readonly<Record<string, unknown>>
}

/** With the id and score of its best item. */
export interface FoundGroup extends Found {
  /** What its items have in common; null for an item that stands alone. */
  readonly group: Scalar | null
  /** At least one, best first. */
  readonly items: readonly FoundItem[]
}

/** An answer as a person reads it: a line an item, those of a group below its name. */
export function answerLines({ results, total }: SearchAnswer): string {
  const grouped = results.some((result) => 'items' in result)
  const counted = grouped ? (results.length === 1 ? '1 result' : `${results.length} results`) : results.length
  const found = results.map((result) => ('items' in result ? groupLines(result) : itemLine(result)))
  return `${found.join('')}${counted} of ${total} items\n`
}

function groupLines({ group, collapsed = 0, items }: FoundGroup): string {
  if (group === null) return items.map((item) => itemLine({ ...item, collapsed })).join('')
  // Its name is said once.
  const lines = items.map((item) => `  ${itemLine(item.group === group ? { ...item, group: null } : item)}`)
  return `${String(group)}${othersText(collapsed)}\n${lines.join('')}`
}

function itemLine({ id, score, probability, collapsed = 0, group, metadata }: FoundItem): string {
  const fields: Readonly<Record<string, unknown>> = { ...(group !== null && { group }), ...metadata }
  const shown = Object.entries(fields).map(([field, value]) => `${field}: ${String(value)}`)
  const chance = probability === undefined ? '' : `  ${(100 * probability).toFixed(0).padStart(3)} %`
  const facts = shown.length === 0 ? '' : `  (${shown.join(', ')})`
  return `${score.toFixed(3)}${chance}  ${id}${othersText(collapsed)}${facts}\n`
}

const othersText = (collapsed: number): string => (collapsed === 0 ? '' : `  and ${collapsed} like it`)
