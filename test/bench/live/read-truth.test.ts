import { describe, expect, it } from 'vitest'
import path from 'node:path'
import { readTruth } from '../../../src/bench/live/retrieval/read-truth.js'
import { folderWith } from '../../datasets/folder-with.js'

const read = async (text: string) => {
  const folder = await folderWith({ 'truth.jsonl': text })
  return { folder, queries: await readTruth(path.join(folder, 'truth.jsonl'), 1000) }
}

describe('the file of a truth', () => {
  it('names pictures beside it, or items, with the ids that are right', async () => {
    const { folder, queries } = await read(
      '{"query": "p/1.jpg", "relevant": ["a", "b", "a"], "label": "boot"}\n\n{"itemId": "c", "relevant": ["d"]}\n',
    )
    expect(queries).toEqual([
      {
        id: 'p/1.jpg',
        asks: { picture: { path: path.join(folder, 'p/1.jpg') } },
        label: 'boot',
        relevant: ['a', 'b'],
      },
      { id: 'c', asks: { itemId: 'c' }, label: null, relevant: ['d'] },
    ])
  })

  it.each([
    ['{"query": "1.jpg", "relevant": ["a"]}\nnone', /line 2: expected a JSON object/],
    ['[]', /line 1: expected a JSON object/],
    ['{"query": "1.jpg", "relevant": []}', /line 1: expected relevant/],
    ['{"query": "1.jpg", "relevant": [1]}', /line 1: expected relevant/],
    ['{"query": "1.jpg", "itemId": "a", "relevant": ["b"]}', /expected either query/],
    ['{"relevant": ["b"]}', /expected either query/],
    ['{"query": "1.jpg", "relevant": ["b"], "label": 1}', /expected label/],
    ['{"query": "1.jpg", "relevant": ["b"], "class": "x"}', /there is no class/],
    [
      '{"query": "1.jpg", "relevant": ["b"]}\n{"query": "1.jpg", "relevant": ["c"]}',
      /line 2: 1.jpg came before/,
    ],
    [`{"query": "${'x'.repeat(1000)}", "relevant": ["b"]}`, /line 1: the line has more than 1000 bytes/],
    ['\n', /holds no query/],
  ])('says what is wrong with %s', async (text, message) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: expect.stringMatching(message) as string,
    })
  })
})
