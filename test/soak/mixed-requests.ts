import { setTimeout as sleep } from 'node:timers/promises'
import { ApiProblem, createClient, type Client } from '../../src/client/client.js'
import { createRandom } from '../../src/datasets/random.js'
import { picture } from '../server/test-server.js'

const path = { collection: 'soak' }
const standing = 200
const changing = 200
const colours = ['red', 'green', 'blue', 'white', 'black', 'brown', 'orange', 'grey']

/** Makes a collection of items that stay, and the function that does one thing after the other with it as its users do. */
export async function createMixedRequests(
  url: string,
  key: string,
  seed: number,
): Promise<() => Promise<void>> {
  const client = createClient(url, { key })
  const draw = createRandom(seed)
  const below = (end: number): number => Math.floor(draw() * end)
  const pick = <T>(choices: readonly T[]): T => choices[below(choices.length)] as T
  const pictures = await Promise.all(colours.flatMap((left) => colours.map((right) => picture(left, right))))
  const { embeddings } = await client.embed({ body: { base64: pictures.slice(0, 16).map(toBase64) } })
  const image = (): Blob => new Blob([new Uint8Array(pick(pictures))])
  const embedding = (): number[] => pick(embeddings).map((value) => value + draw() / 10)
  const metadata = () => ({ colour: pick(colours), price: below(100), tags: [pick(colours), pick(colours)] })
  const group = (): string => `group-${below(40)}`
  const stays = (): string => `stays-${below(standing)}`
  const changes = (): string => `changes-${below(changing)}`
  const filter = () =>
    pick([
      { colour: { eq: pick(colours) } },
      { price: { lt: below(100) } },
      { not: { tags: { in: [pick(colours)] } } },
    ])

  await client.putCollection({ path, body: { fields: { price: 'number', colour: 'string' } } })
  for (let number = 0; number < standing; number++) {
    const body = {
      base64: toBase64(pictures[number % pictures.length] ?? Buffer.alloc(0)),
      metadata: metadata(),
      group: group(),
    }
    await client.putItem({ path: { ...path, id: `stays-${number}` }, body })
  }
  /** How often, and what. */
  const kinds: readonly (readonly [number, () => Promise<unknown>])[] = [
    [12, () => client.search({ path, body: { image: image(), k: 5 } })],
    [
      6,
      () =>
        client.search({
          path,
          body: { base64: toBase64(pick(pictures)), filter: filter(), crop: [0, 0, 0.5, 1] },
        }),
    ],
    [14, () => client.search({ path, body: { itemId: stays(), k: 20 } })],
    [10, () => client.search({ path, body: { embedding: embedding(), filter: filter() } })],
    [
      6,
      () =>
        client.search({ path, body: { itemId: stays(), groupBy: pick(['group', 'colour']), groupSize: 2 } }),
    ],
    [
      3,
      () =>
        client.search({
          path,
          body: { itemId: stays(), rerank: 'k-reciprocal', collapse: 0.99, diversity: 0.3 },
        }),
    ],
    [
      3,
      () =>
        client.search({
          path,
          body: {
            positive: [{ itemId: stays() }, { embedding: embedding() }],
            negative: [{ itemId: stays() }],
          },
        }),
    ],
    [
      2,
      () =>
        client.search({
          path,
          body: { itemId: stays(), include: ['thumbnail', 'embedding', 'metadata'], k: 5 },
        }),
    ],
    [
      2,
      () =>
        client.searchBatch({ path, body: { queries: [{ itemId: stays() }, { embedding: embedding() }] } }),
    ],
    [6, () => client.putItem({ path: { ...path, id: changes() }, body: { image: image(), group: group() } })],
    [
      8,
      () =>
        client.putItem({
          path: { ...path, id: changes() },
          body: { embedding: embedding(), metadata: metadata() },
        }),
    ],
    [
      5,
      () =>
        unlessGone(client.patchItem({ path: { ...path, id: changes() }, body: { metadata: metadata() } })),
    ],
    [5, () => unlessGone(client.deleteItem({ path: { ...path, id: changes() } }))],
    [1, () => client.deleteItems({ path, body: { ids: [changes(), changes()] } })],
    [5, () => client.getItem({ path: { ...path, id: stays() } })],
    [3, async () => (await client.getItemImage({ path: { ...path, id: stays() } })).arrayBuffer()],
    [3, () => client.listItems({ path, query: { limit: 20, filter: JSON.stringify(filter()) } })],
    [3, () => client.getFacets({ path, query: { field: pick(['colour', 'price', 'tags']) } })],
    [1, () => client.embed({ body: { base64: [toBase64(pick(pictures)), toBase64(pick(pictures))] } })],
    [1, () => client.getCollection({ path })],
    [0.3, async () => over(client, await client.createDuplicates({ path, body: { threshold: 0.95 } }))],
    [
      0.3,
      async () => over(client, await client.deleteItems({ path, body: { filter: { id: { eq: 'none' } } } })),
    ],
    [
      0.3,
      async () =>
        over(client, await client.createImport({ path, body: { file: catalogue(changes(), embedding()) } })),
    ],
  ]
  const total = kinds.reduce((sum, [weight]) => sum + weight, 0)
  return async () => {
    let at = draw() * total
    for (const [weight, ask] of kinds) {
      at -= weight
      if (at < 0) {
        await ask()
        return
      }
    }
  }
}

const toBase64 = (bytes: Buffer): string => bytes.toString('base64')

const catalogue = (id: string, embedding: readonly number[]): File =>
  new File([JSON.stringify({ id, embedding })], 'one.jsonl')

/** Another may have deleted it at the same time. */
async function unlessGone(answer: Promise<unknown>): Promise<void> {
  try {
    await answer
  } catch (thrown) {
    if (!(thrown instanceof ApiProblem) || thrown.code !== 'ITEM_NOT_FOUND') throw thrown
  }
}

async function over(client: Client, begun: object): Promise<void> {
  if (!('id' in begun)) throw new Error('It began no job')
  const job = String(begun.id)
  for (;;) {
    const { state, error } = await client.getJob({ path: { job } })
    if (state === 'done') return
    if (state === 'failed' || state === 'cancelled')
      throw new Error(`The job ended as ${state}: ${error?.reason ?? ''}`)
    await sleep(20)
  }
}
