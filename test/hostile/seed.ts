import { createClient } from '../../src/client/client.js'
import { pack } from 'tar-stream'
import { buffer } from 'node:stream/consumers'
import { picture } from '../server/test-server.js'
import type { BuiltServer } from '../support/built-server.js'
import type { SoundFiles } from './files.js'
import type { Target } from './carriers.js'

/** Those of the odd paths that can be a collection's name: what is put there is made. */
const oddNames = ['delete', 'image', 'constructor']
const colours = ['red', 'green', 'blue']

/** Makes what hostile requests are aimed at. Everything that they can make is made, so that nothing is new to the server later. */
export async function seedTarget({ url, key }: BuiltServer): Promise<{ target: Target; files: SoundFiles }> {
  const client = createClient(url, { key })
  const path = { collection: 'target' }
  await client.putCollection({ path, body: { keep: 'original' } })
  const pictures = await Promise.all(colours.map((colour) => picture(colour)))
  for (const [at, colour] of colours.entries()) {
    const base64 = pictures[at]?.toString('base64') ?? ''
    await client.putItem({
      path: { ...path, id: colour },
      body: { base64, metadata: { colour }, group: colour },
    })
  }
  // A collection has descriptors of its own from when it is made.
  for (const name of [...Array.from({ length: 5 }, (_, number) => `made-${number}`), ...oddNames]) {
    const made = { collection: name }
    await client.putCollection({ path: made, body: { dimensions: 1 } })
    await client.putItem({ path: { ...made, id: 'one' }, body: { embedding: [1] } })
  }
  await client.createSnapshot({ path, body: { name: 'sound' } })
  const snapshot = await client.getSnapshot({ path: { ...path, snapshot: 'sound' } })
  const tar = pack()
  for (const [at, colour] of colours.entries())
    tar.entry({ name: `${colour}.jpg` }, pictures[at] ?? Buffer.alloc(0))
  tar.finalize()
  return {
    target: { key, collection: path.collection, items: colours },
    files: { snapshot: Buffer.from(await snapshot.arrayBuffer()), tar: await buffer(tar) },
  }
}
