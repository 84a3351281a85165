import { writeTinyBundle } from './tiny-bundle.js'

/** Replaces a bundle over and over until it is killed; it says when it has begun. */
const [folder = ''] = process.argv.slice(2)
for (let round = 0; round < 10_000; round++) {
  await writeTinyBundle(folder, { seed: 1 + (round % 5) })
  if (round === 0) console.log('writing')
}
