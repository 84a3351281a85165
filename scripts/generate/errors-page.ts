import { errorRegistry } from '../../src/errors.js'
import { code, table } from '../markdown-table.js'

/** docs/errors.md */
export function errorsPage(): string {
  const rows = Object.entries(errorRegistry).map(([name, kind]) => [
    code(name),
    String(kind.status),
    kind.title,
    'hint' in kind ? kind.hint : '',
  ])
  return `# Errors

<!-- Made from src/errors.ts by: npm run generate -->

Every error has a code that never changes. Over HTTP it comes as \`application/problem+json\` with the status below; the command
line prints message and hint, with \`--json\` the code too, and ends with 1, with 2 for wrong usage, with 130 when it was interrupted.

${table(['code', 'HTTP status', 'title', 'hint'], rows)}
`
}
