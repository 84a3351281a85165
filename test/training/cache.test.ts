import { existsSync, readFileSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { beforeAll, describe, expect, it } from 'vitest'
import { readSet } from '../../src/datasets/read-set.js'
import { openFileCache } from '../../src/training/cache/file-cache.js'
import { createMemoryCache } from '../../src/training/cache/memory-cache.js'
import { forTraining, loadPictures } from '../../src/training/pictures.js'
import { planRun } from '../../src/training/plan-run.js'
import { drawShapes, shapeSettings } from './shapes.js'
import { run, runUntil, stepsOf } from './run.js'
import { temporaryFolder } from '../support/temporary-folder.js'

let data: string
beforeAll(async () => {
  data = await drawShapes()
})

const newFile = (): string => path.join(temporaryFolder(), 'pictures')
const decode = forTraining({ shorterSide: 36, kernel: 'linear' })
const pictureBytes = 36 * 36 * 3
/** A file of a run that was killed. */
const leftover = (): string => {
  const file = newFile()
  writeFileSync(file, `kindred pictures\n${'old pixels'.repeat(1000)}`)
  return file
}

describe('pictures kept in a file', () => {
  it('are the same to the last pixel, those past the cap too, which stay out of it', async () => {
    const { images } = await readSet(await drawShapes({ classes: 4, imagesPerClass: 5 }))
    const load = async (cache: Awaited<ReturnType<typeof openFileCache>>) =>
      loadPictures(images, decode, { cache, unreadableShare: 0 })
    const file = leftover()
    const cache = await openFileCache(file, 12.5 * pictureBytes)
    const [kept, fromFile] = [await load(createMemoryCache(Infinity)), await load(cache)]
    expect(fromFile.bytes).toBe(12 * pictureBytes)
    expect(statSync(file).size).toBeLessThan(13 * pictureBytes)
    // All at once, as a batch asks for them.
    const read = await Promise.all([...images.keys()].map((index) => fromFile.read(index)))
    expect(read).toEqual(await Promise.all([...images.keys()].map((index) => kept.read(index))))
    await cache.close()
    expect(existsSync(file)).toBe(false)
  })

  it('are not made up where the file was cut meanwhile', async () => {
    const { images } = await readSet(await drawShapes({ classes: 1, imagesPerClass: 2 }))
    const file = newFile()
    const cache = await openFileCache(file, Infinity)
    const pictures = await loadPictures(images, decode, { cache, unreadableShare: 0 })
    truncateSync(file, 100)
    await expect(pictures.read(1)).rejects.toMatchObject({ code: 'CACHE_FAILED' })
    await cache.close()
  })

  it('leave what is none of kindred alone, and say so before a picture is read', async () => {
    const file = newFile()
    const folder = path.dirname(file)
    writeFileSync(path.join(folder, 'mine.csv'), 'path,label\n')
    for (const name of ['mine.csv', '.', 'absent/pictures', 'mine.csv/pictures']) {
      const settings = shapeSettings(data, { cache: { file: path.join(folder, name) } })
      const refused = { code: 'INVALID_SETTING', message: expect.stringContaining('cache.file') as string }
      await expect(run(settings)).rejects.toMatchObject(refused)
      await expect(planRun(settings)).rejects.toMatchObject(refused)
      expect(existsSync(settings.work ?? '')).toBe(false)
    }
    expect(readFileSync(path.join(folder, 'mine.csv'), 'utf8')).toBe('path,label\n')
    expect(readdirSync(folder)).toEqual(['mine.csv'])
  })
})

describe('a run that keeps its pictures in a file', () => {
  const short = { epochs: 2, stepsPerEpoch: 3 }

  it('learns what it learns from memory, and removes the file at its end', async () => {
    const file = leftover()
    const sizes: number[] = []
    const inFile = await run(shapeSettings(data, { ...short, cache: { file, maxBytes: 0 } }), {
      onProgress: ({ phase }) => {
        if (phase === 'training') sizes.push(statSync(file).size)
      },
    })
    const inMemory = await run(shapeSettings(data, short))
    expect(sizes).toHaveLength(6)
    // 80 pictures to learn from at 37 pixels, 48 to validate on at 32.
    expect(new Set(sizes)).toEqual(new Set([17 + 3 * (80 * 37 * 37 + 48 * 32 * 32)]))
    expect(existsSync(file)).toBe(false)
    stepsOf(inMemory.work).forEach(({ loss }, step) => {
      expect(stepsOf(inFile.work)[step]?.loss).toBeCloseTo(loss, 3)
    })
    // Where the file lay is nobody's business who gets the bundle.
    expect(JSON.stringify(inFile.bundle?.manifest)).not.toContain(file)
  })

  it('removes it when it is stopped or fails, and may go on without it', async () => {
    const file = newFile()
    const settings = shapeSettings(data, { ...short, cache: { file } })
    expect(await runUntil(settings, 2)).toMatchObject({ stepsDone: 2 })
    expect(existsSync(file)).toBe(false)
    const diverging = { learningRate: 1, headRateFactor: 1000, clipNorm: 1e6, lossParams: { alpha: 1e39 } }
    await expect(run({ ...settings, ...diverging })).rejects.toMatchObject({ code: 'TRAINING_DIVERGED' })
    await expect(run({ ...settings, loss: 'proxy-ancor' })).rejects.toMatchObject({ code: 'INVALID_SETTING' })
    expect(existsSync(file)).toBe(false)
    expect(await runUntil(settings, 2)).toMatchObject({ stepsDone: 2 })
    const fromMemory = { ...settings, cache: { ...settings.cache, file: null } }
    expect(await run(fromMemory, { resume: true })).toMatchObject({ stepsDone: 6 })
  })

  it('is told of it by a dry run, which makes no file', async () => {
    const file = newFile()
    const { memory } = await planRun(shapeSettings(data, { cache: { file } }))
    expect(memory.cacheBytes).toBe(0)
    expect(memory.fileBytes).toBeGreaterThan(0)
    const capped = await planRun(shapeSettings(data, { cache: { file, fileMaxBytes: 1000 } }))
    expect(capped.memory.fileBytes).toBe(1000)
    expect(existsSync(file)).toBe(false)
  })
})
