import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { writeGroceryCatalogue } from '../../scripts/demo-catalogue/grocery-catalogue.js'
import { temporaryFolder } from '../support/temporary-folder.js'

it('writes the prepared set as a catalogue, or as much of it as is asked for, evenly drawn', () => {
  const folder = temporaryFolder()
  const grocery = path.join(folder, 'grocery')
  mkdirSync(grocery)
  const rows = Array.from({ length: 10 }, (_, n) => `natural/${n}.jpg,train,${n},Product ${n},0,Class,source`)
  writeFileSync(
    path.join(grocery, 'index.csv'),
    ['path,split,fine_id,fine_name,coarse_id,coarse_name,source_path', ...rows, ''].join('\n'),
  )
  const target = path.join(folder, 'catalogue.csv')
  expect(writeGroceryCatalogue(grocery, target)).toBe(10)
  expect(writeGroceryCatalogue(grocery, target, 5)).toBe(5)
  const [head, first, second] = readFileSync(target, 'utf8').split('\n')
  expect(head).toBe('id,image,group,product,category,split')
  const image = path.join(grocery, 'natural/0.jpg')
  expect(first).toBe(`"natural/0.jpg","${image}","Product 0","Product 0","Class","train"`)
  expect(second).toMatch(/^"natural\/2\.jpg"/)
})
