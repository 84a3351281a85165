/** Writes a table as CSV (RFC 4180); text that a spreadsheet would take for a formula has an apostrophe before it. */
export const toCsv = (rows: readonly (readonly (string | number | null)[])[]): string =>
  rows.map((row) => `${row.map(cell).join(',')}\r\n`).join('')

function cell(value: string | number | null): string {
  const text = typeof value === 'string' ? noFormula(value) : String(value ?? '')
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** What the server does to the same cells: see the OWASP's page on CSV injection. */
const noFormula = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text)
