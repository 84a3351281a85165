/**
 * R-precision and MAP@R of one ranking (Musgrave, Belongie, Lim: A Metric Learning Reality Check, 2020).
 *
 * @param hits whether each answer is of the query's class, best first; what is missing is none
 * @param r pictures of the class that could be found
 */
export function precisionAtR(hits: readonly boolean[], r: number): { rPrecision: number; mapAtR: number } {
  let found = 0
  let precisions = 0
  for (let i = 0; i < r; i++) {
    if (hits[i] !== true) continue
    found++
    precisions += found / (i + 1)
  }
  return { rPrecision: found / r, mapAtR: precisions / r }
}
