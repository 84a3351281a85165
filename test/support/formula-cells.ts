/** Cells that a spreadsheet would take for formulas, and what is written of each instead. */
export const formulaCells: readonly (readonly [cell: string, written: string])[] = [
  ['=HYPERLINK(1)', "'=HYPERLINK(1)"],
  ['+1', "'+1"],
  ['-1', "'-1"],
  ['@SUM(A1)', "'@SUM(A1)"],
  ['\t=1', "'\t=1"],
  ['\r=1', '"\'\r=1"'],
  ['a=1', 'a=1'],
  ['', ''],
]
