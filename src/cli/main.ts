#!/usr/bin/env node
import { Command, CommanderError } from 'commander'
import { aliasesCommand } from './aliases.js'
import { benchCommand } from './bench.js'
import { calibrateCommand } from './calibrate.js'
import { doctorCommand } from './doctor.js'
import { duplicatesCommand } from './duplicates.js'
import { embedCommand } from './embed.js'
import { evaluateCommand } from './evaluate.js'
import { exitCode, reportFailure } from './exit.js'
import { importModelCommand } from './import-model.js'
import { indexCommand } from './index-command.js'
import { jobsCommand } from './jobs.js'
import { keysCommand } from './keys.js'
import { reindexCommand } from './reindex.js'
import { searchCommand } from './search.js'
import { serveCommand } from './serve.js'
import { snapshotsCommand } from './snapshots.js'
import { trainCommand } from './train.js'
import { version } from '../version.js'

const program = new Command('kindred')
  .description(
    'Image retrieval: train an embedding, index a catalogue, answer "what looks like this?" over HTTP.',
  )
  .version(version)
  .showHelpAfterError('(kindred COMMAND --help has an example)')
  // A flag after a command's own command is meant for that one: `kindred bench compare A B --json`.
  .enablePositionalOptions()

for (const make of [
  serveCommand,
  indexCommand,
  jobsCommand,
  reindexCommand,
  searchCommand,
  trainCommand,
  evaluateCommand,
  benchCommand,
  calibrateCommand,
  embedCommand,
  importModelCommand,
  snapshotsCommand,
  aliasesCommand,
  duplicatesCommand,
  keysCommand,
  doctorCommand,
]) {
  program.addCommand(make())
}
for (const command of [
  program,
  ...program.commands,
  ...program.commands.flatMap(({ commands }) => commands),
]) {
  command.exitOverride()
}

// Whoever reads the output may leave early, as `head` does.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit()
  throw error
})

try {
  await program.parseAsync()
} catch (thrown) {
  if (thrown instanceof CommanderError) process.exitCode = thrown.exitCode === 0 ? 0 : exitCode.usage
  else process.exitCode = reportFailure(thrown, process.argv.includes('--json'))
}
