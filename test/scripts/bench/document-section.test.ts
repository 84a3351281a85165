import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { documentSection } from '../../../scripts/bench/document-section.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

it('replaces what stands between the comments of its name, and nothing else', async () => {
  const file = path.join(temporaryFolder(), 'page.md')
  writeFileSync(
    file,
    '# Page\n\n<!-- one: begin -->\n<!-- one: end -->\n\nText.\n\n<!-- two: begin -->\nold\n<!-- two: end -->\n',
  )
  await documentSection(file, 'one', 'First.')
  await documentSection(file, 'two', 'Second.')
  await documentSection(file, 'one', 'Third.')
  expect(readFileSync(file, 'utf8')).toBe(
    '# Page\n\n<!-- one: begin -->\n\nThird.\n\n<!-- one: end -->\n\nText.\n\n<!-- two: begin -->\n\nSecond.\n\n<!-- two: end -->\n',
  )
  await expect(documentSection(file, 'three', 'Fourth.')).rejects.toThrow(/no place for three/)
  await expect(documentSection(`${file}.not`, 'one', 'First.')).rejects.toThrow(/page.md.not cannot be read/)
})
