import { fakeEmbedder } from './fake-embedder.js'
import { openJobs } from './open-jobs.js'

/**
 * Imports a catalogue until it is killed, going on with an unfinished job, and says on standard output what was embedded
 * (`embedded N` so many more), which rows the store has (`finished ID`), and what the job came to (`job JSON`).
 */
const [folder = '', source = ''] = process.argv.slice(2)
const embedder = fakeEmbedder(async () => {
  await new Promise((resolve) => setTimeout(resolve, 2))
})
const opened = await openJobs(folder, embedder)
const { store, jobs } = opened
const put = store.putItems.bind(store)
store.putItems = async (collection, items) => {
  const answer = await put(collection, items)
  for (const { id, contentHash } of items) console.log(`finished ${id} ${contentHash ?? ''}`)
  return answer
}
const embed = embedder.embed.bind(embedder)
embedder.embed = (inputs, options) => {
  console.log(`embedded ${inputs.length}`)
  return embed(inputs, options)
}
const unfinished = jobs.unfinished('c', source)
const { id } = opened.start(source, { resume: unfinished?.id })
console.log(`started ${id} ${unfinished === null ? 'new' : 'resumed'}`)
console.log(`job ${JSON.stringify(await jobs.finished(id))}`)
await opened.close()
