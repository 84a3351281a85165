import { deflateSync } from 'node:zlib'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { readMat } from '../../src/datasets/mat/read-mat.js'
import { folderWith } from './folder-with.js'
import { writeMat } from './write-mat.js'

const read = async (content: Uint8Array) =>
  readMat(path.join(await folderWith({ 'a.mat': content }), 'a.mat'))

const variables = {
  annotations: {
    structs: [
      { class: 7, fname: '00001.jpg', bbox_x1: 300, score: -1.5 },
      { class: 196, fname: 'é €.jpg', bbox_x1: 70_000, score: 0.25 },
    ],
  },
  class_names: { cells: ['AM General Hummer SUV 2000', 'BMW', { cells: [3] }] },
  empty: { cells: [] },
}

describe('a MATLAB file', () => {
  it.each([
    { littleEndian: true, compressed: false },
    { littleEndian: true, compressed: true },
    { littleEndian: false, compressed: false },
    { littleEndian: false, compressed: true },
  ])('gives numbers, text, cells and structs back: %o', async (form) => {
    const found = await read(writeMat(variables, form))
    expect([...found.keys()]).toEqual(['annotations', 'class_names', 'empty'])
    const number = (value: number) => ({ kind: 'numbers', values: [value] })
    const text = (value: string) => ({ kind: 'text', text: value })
    expect(found.get('annotations')).toEqual({
      kind: 'structs',
      structs: variables.annotations.structs.map(
        (struct) =>
          new Map(
            Object.entries(struct).map(([field, value]) => [
              field,
              typeof value === 'string' ? text(value) : number(value),
            ]),
          ),
      ),
    })
    expect(found.get('class_names')).toEqual({
      kind: 'cells',
      cells: [text('AM General Hummer SUV 2000'), text('BMW'), { kind: 'cells', cells: [number(3)] }],
    })
    expect(found.get('empty')).toEqual({ kind: 'cells', cells: [] })
  })

  it('is refused with its name when it is none, another version, or cut anywhere', async () => {
    const whole = writeMat({ a: 'some text', b: { structs: [{ c: 1 }] } })
    const later = Uint8Array.from(whole)
    later[125] = 2
    await expect(read(later)).rejects.toMatchObject({
      code: 'DATASET_INVALID',
      message: expect.stringMatching(/a\.mat: not a MATLAB file of version 5/) as string,
    })
    await expect(read(new Uint8Array(3))).rejects.toThrow(/not a MATLAB file/)
    // At 128 the file is empty, at the end of the first variable it is whole.
    for (let length = 129; length < 200; length += 5) {
      await expect(read(whole.slice(0, length))).rejects.toMatchObject({ code: 'DATASET_INVALID' })
    }
  })

  it('is refused when its compressed part is damaged, or swells beyond all measure', async () => {
    const damaged = writeMat({ a: 'some text' }, { compressed: true })
    damaged[140] = (damaged[140] ?? 0) ^ 0xff
    await expect(read(damaged)).rejects.toThrow(/compressed MATLAB data are damaged/)
    const bomb = deflateSync(new Uint8Array(257 * 1024 ** 2))
    const header = writeMat({}).slice(0, 128)
    const start = new Uint8Array(new Uint32Array([15, bomb.length]).buffer)
    await expect(read(new Uint8Array(Buffer.concat([header, start, bomb])))).rejects.toThrow(/damaged/)
  })

  it('says which class of array it does not read', async () => {
    const sparse = writeMat({ a: 1 })
    // The class, behind header, tag of the matrix and tag of its flags.
    sparse[128 + 16] = 5
    await expect(read(sparse)).rejects.toThrow(/an array of class 5/)
  })
})
