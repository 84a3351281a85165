// `npm start -- FLAGS`: builds if needed, then `kindred serve --demo FLAGS`.
import path from 'node:path'
import { buildIfStale } from './build.mjs'

const status = await buildIfStale()
if (status !== 0) process.exit(status)

const entry = path.resolve(import.meta.dirname, '../dist/cli/main.js')
process.argv = [process.argv[0], entry, 'serve', '--demo', ...process.argv.slice(2)]
await import(entry)
