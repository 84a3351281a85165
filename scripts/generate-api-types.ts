/**
 * Writes src/server/api-types.generated.ts from openapi.yaml. With --check nothing is written: the exit code is 1
 * where the file is not what the contract makes.
 */
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import openapiTypescript, { astToString } from 'openapi-typescript'

const root = path.resolve(import.meta.dirname, '..')
const target = path.join(root, 'src/server/api-types.generated.ts')

const ast = await openapiTypescript(new URL('../openapi.yaml', import.meta.url), {
  // What the server reads has its defaults filled in, and what it answers is never changed afterwards.
  defaultNonNullable: true,
  immutable: true,
  alphabetize: false,
})
const types = `// Made from openapi.yaml by: npx tsx scripts/generate-api-types.ts\n\n${astToString(ast)}`

if (process.argv.includes('--check')) {
  const present = await readFile(target, 'utf8').catch(() => '')
  if (present !== types) {
    console.error(`${path.relative(root, target)} has drifted; run: npx tsx scripts/generate-api-types.ts`)
    process.exitCode = 1
  }
} else {
  await writeFile(target, types)
  console.log(`Wrote ${path.relative(root, target)}`)
}
