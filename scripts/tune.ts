/**
 * `npm run tune`: compiles the library that walks graphs with all that this machine's processor has. `npm ci` compiles it
 * for any. Nothing needs this; where it cannot be done, nothing changes.
 */
import { flag, scriptOptions } from './script-options.js'
import { bindingFiles, undo } from './tune/binding-files.js'
import { tuneBinding } from './tune/tune-binding.js'

const given = scriptOptions('tune', 'Compiles hnswlib-node for this machine, measured before and after.', {
  undo: flag('go back to what was installed'),
})
const say = (line: string): void => void process.stdout.write(`${line}\n`)
const files = bindingFiles()

if (given.undo) {
  say(undo(files) ? 'hnswlib-node is again as it was installed.' : 'hnswlib-node is as it was installed.')
} else {
  try {
    await tuneBinding(files, { items: 20_000, queries: 5000, repeats: 3 }, say)
    say(
      'hnswlib-node is tuned for this machine; what starts from now on uses it, and `kindred doctor` says so.',
    )
    say('`npm ci` and `npm rebuild` undo it, as does: npm run tune -- --undo')
  } catch (thrown) {
    process.stderr.write(
      `${thrown instanceof Error ? thrown.message : String(thrown)}\nNothing was changed.\n`,
    )
    process.exitCode = 1
  }
}
