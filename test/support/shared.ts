import { existsSync } from 'node:fs'
import path from 'node:path'
import { describe } from 'vitest'

/** Reference values and photos that lie beside a developer's checkout; not part of the project. */
const root = path.resolve(import.meta.dirname, '../../../shared')

export const sharedPath = (...parts: string[]): string => path.join(root, ...parts)

/** `describe` for tests that need some of that material; without it they are skipped, and the title says why. */
export function describeWithShared(title: string, needed: string[], body: () => void): void {
  const missing = needed.filter((part) => !existsSync(sharedPath(part)))
  if (missing.length === 0) describe(title, body)
  else
    describe.skip(`${title} (skipped: reference material ${missing.join(', ')} is not on this machine)`, body)
}
