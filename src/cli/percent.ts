/** A share of 1 as a terminal shows it, with a plain space, which pages do not have (see numbers.ts of the report). */
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`
