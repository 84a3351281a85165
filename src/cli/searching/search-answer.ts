import type { SearchPlan } from '../../collections/collection-store.js'

/** What a person and a script want to know of an answer; the server's answer has these fields, too. */
export interface SearchAnswer {
  readonly results: readonly {
    readonly id: string
    /** Cosine to the query. */
    readonly score: number
    /** Chance that it is of the query's class; absent where the model is not calibrated. */
    readonly probability?: number
    /** Near-duplicates that it stands for, with --collapse. */
    readonly collapsed?: number
    readonly group: string | null
    readonly metadata?: Readonly<Record<string, unknown>>
  }[]
  readonly total: number
  /** `NAME@FINGERPRINT` */
  readonly model: string | null
  /** Whether every item that matches was compared. */
  readonly exact: boolean
  /** How it was found. */
  readonly plan: SearchPlan
}

/** An answer as a person reads it, a line a result. */
export function answerLines({ results, total }: SearchAnswer): string {
  const found = results.map(({ id, score, probability, collapsed = 0, group, metadata }) => {
    const fields: Readonly<Record<string, unknown>> = { ...(group !== null && { group }), ...metadata }
    const shown = Object.entries(fields).map(([field, value]) => `${field}: ${String(value)}`)
    const chance = probability === undefined ? '' : `  ${(100 * probability).toFixed(0).padStart(3)} %`
    const others = collapsed === 0 ? '' : `  and ${collapsed} like it`
    return `${score.toFixed(3)}${chance}  ${id}${others}${shown.length === 0 ? '' : `  (${shown.join(', ')})`}\n`
  })
  return `${found.join('')}${results.length} of ${total} items\n`
}
