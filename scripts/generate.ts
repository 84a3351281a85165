/**
 * Writes what is made from other files: the types of the API, and the tables of the documentation. With --check nothing
 * is written: the exit code is 1 where a file is not what it would be.
 */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { format, resolveConfig } from 'prettier'
import { apiTypes } from './generate/api-types.js'
import { clientOperations } from './generate/client-operations.js'
import { clientTypes } from './generate/client-types.js'
import { errorsPage } from './generate/errors-page.js'
import { lossesPage } from './generate/losses-page.js'
import { settingsPage } from './generate/settings-page.js'

const root = path.resolve(import.meta.dirname, '..')

const page = async (text: string): Promise<string> =>
  format(text, { ...(await resolveConfig(path.join(root, 'README.md'))), parser: 'markdown' })

const typescript = async (text: string): Promise<string> =>
  format(text, { ...(await resolveConfig(path.join(root, 'package.json'))), parser: 'typescript' })

const targets: Readonly<Record<string, () => Promise<string>>> = {
  'src/server/api-types.generated.ts': apiTypes,
  'src/client/api-types.generated.ts': clientTypes,
  'src/client/operations.generated.ts': () => typescript(clientOperations()),
  'docs/errors.md': () => page(errorsPage()),
  'docs/losses.md': () => page(lossesPage()),
  'docs/settings.md': () => page(settingsPage()),
}

for (const [target, make] of Object.entries(targets)) {
  const file = path.join(root, target)
  const wanted = await make()
  const present = await readFile(file, 'utf8').catch(() => '')
  if (present === wanted) continue
  if (process.argv.includes('--check')) {
    console.error(`${target} has drifted; run: npm run generate`)
    process.exitCode = 1
  } else {
    await writeFile(file, wanted)
    console.log(`Wrote ${target}`)
  }
}
