import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { openNpy } from '../../src/datasets/npy-file.js'
import { KindredError } from '../../src/errors.js'
import { npyHeader } from '../../src/evaluation/npy-header.js'
import { temporaryFolder } from '../support/temporary-folder.js'

it('is opened as the matrix that it says it is, or refused, whatever its head', async () => {
  const file = path.join(temporaryFolder(), 'x.npy')
  const sound = Buffer.concat([npyHeader(2, 3), Buffer.alloc(24)])
  const change = fc.record({ at: fc.nat(sound.length - 1), to: fc.nat(255) })
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 4 }), fc.nat(sound.length), async (changes, cut) => {
      const bytes = Buffer.from(sound)
      for (const { at, to } of changes) bytes[at] = to
      await writeFile(file, bytes.subarray(0, sound.length - (cut % 40)))
      try {
        const matrix = await openNpy(file)
        await matrix.close()
        expect(matrix.rows * matrix.columns * 4).toBeLessThanOrEqual(sound.length)
      } catch (thrown) {
        if (!(thrown instanceof KindredError) || thrown.code !== 'INVALID_ARGUMENT') throw thrown
      }
    }),
    { numRuns: 300 },
  )
})
