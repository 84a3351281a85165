import sharp from 'sharp'
import { afterEach, describe, expect, it } from 'vitest'
import { DecoderPool, type DecoderPoolOptions } from '../../../src/images/decoding/decoder-pool.js'
import type { InputTransform } from '../../../src/images/input-transform.js'
import { defaultImageLimits } from '../../../src/images/limits.js'
import { keeps, pictureToKeep } from '../../../src/images/picture-to-keep.js'
import { prepareInput } from '../../../src/images/prepare-input.js'
import { decoderPids as decoders } from './decoder-pids.js'
import { slowJpeg, wideGif, wideWebp } from './slow-pictures.js'

const transform: InputTransform = {
  width: 64,
  height: 64,
  fit: 'cover',
  kernel: 'lanczos3',
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
  layout: 'nchw',
}

let pool: DecoderPool
afterEach(() => pool.close())

/** Its processes have begun, so that no test waits for that. */
async function open(options: Partial<DecoderPoolOptions> = {}): Promise<void> {
  pool = new DecoderPool({ processes: 1, deadlineMs: 30_000, ...options })
  const quick = await gradient()
  await Promise.allSettled(
    Array.from({ length: options.processes ?? 1 }, () => pool.prepareInput(quick, transform)),
  )
}

const gradient = (orientation = 1) => {
  const data = Uint8Array.from({ length: 3 * 90 * 60 }, (_, i) => (i * 7) % 256)
  return sharp(data, { raw: { width: 90, height: 60, channels: 3 } })
    .withMetadata({ orientation })
    .png()
    .toBuffer()
}

/** Of which a thumbnail is made. */
const large = () =>
  sharp({ create: { width: 900, height: 600, channels: 3, background: '#336699' } })
    .jpeg()
    .toBuffer()

describe('a pool of decoders', () => {
  it('gives the very values that prepareInput gives', async () => {
    await open({ processes: 2 })
    const crops = [undefined, { x0: 0.1, y0: 0, x1: 0.9, y1: 0.5 }]
    for (const bytes of await Promise.all([1, 6, 8].map(gradient))) {
      for (const crop of crops) {
        const options = crop ? { crop } : {}
        const [here, there] = await Promise.all([
          prepareInput(bytes, transform, options),
          pool.prepareInput(bytes, transform, options),
        ])
        expect(there).toEqual(here)
      }
    }
  })

  it('refuses what prepareInput refuses, with the same words', async () => {
    await open()
    const cut = (await gradient()).subarray(0, 200)
    for (const bytes of [Buffer.alloc(0), Buffer.from('%PDF-1.7'), cut]) {
      const here = await prepareInput(bytes, transform).catch((error: unknown) => error)
      const { code, message, hint } = here as { code: string; message: string; hint?: string }
      await expect(pool.prepareInput(bytes, transform)).rejects.toMatchObject({ code, message, hint })
    }
    const limits = { ...defaultImageLimits, maxPixels: 10 }
    await expect(pool.prepareInput(await gradient(), transform, { limits })).rejects.toMatchObject({
      code: 'IMAGE_TOO_MANY_PIXELS',
    })
  })

  it('keeps of a picture the very bytes that pictureToKeep keeps, and refuses what it refuses', async () => {
    await open()
    const limits = defaultImageLimits
    for (const bytes of [await gradient(), await large()]) {
      for (const keep of keeps) {
        const keeping = { keep, thumbnailSide: 320 }
        const here = await pictureToKeep(bytes, keeping, { limits })
        const there = await pool.pictureToKeep(bytes, keeping, { limits })
        expect(there?.kind).toBe(here?.kind)
        expect(there?.mediaType).toBe(here?.mediaType)
        expect(Buffer.compare(there?.bytes ?? Buffer.of(), here?.bytes ?? Buffer.of())).toBe(0)
      }
    }
    const cut = (await large()).subarray(0, 200)
    const keeping = { keep: 'thumbnail', thumbnailSide: 320 } as const
    await expect(pool.pictureToKeep(cut, keeping, { limits })).rejects.toMatchObject({
      code: 'IMAGE_CORRUPT',
    })
  })

  it('decodes many pictures in the order in which they came, and one that is hostile harms none', async () => {
    await open({ processes: 2 })
    const good = await gradient()
    const answers = await Promise.allSettled(
      Array.from({ length: 40 }, (_, i) =>
        pool.prepareInput(i % 5 === 0 ? Buffer.from('x') : good, transform),
      ),
    )
    expect(answers.map(({ status }) => status)).toEqual(
      Array.from({ length: 40 }, (_, i) => (i % 5 === 0 ? 'rejected' : 'fulfilled')),
    )
    expect([pool.running, pool.waiting]).toEqual([0, 0])
  })
})

describe('the deadline', () => {
  it.each([
    ['a WebP of 62 megapixels in 38 bytes', wideWebp],
    ['a GIF of 62 megapixels', wideGif],
    ['a JPEG of 883 scans', () => Promise.resolve(slowJpeg(4096))],
  ])('ends %s, and the next picture is decoded', async (_what, make) => {
    const bytes = await make()
    await open({ deadlineMs: 200 })
    const [before] = await decoders()
    const started = performance.now()
    // So many scans of so many pixels are otherwise refused without being decoded.
    const limits = { ...defaultImageLimits, maxPixels: 1e9 }
    await expect(pool.prepareInput(bytes, transform, { limits })).rejects.toMatchObject({
      code: 'IMAGE_TIMEOUT',
      status: 422,
    })
    expect(performance.now() - started).toBeLessThan(5000)
    await expect.poll(decoders).not.toContain(before)
    await expect
      .poll(async () => pool.prepareInput(await gradient(), transform).catch(() => null))
      .toHaveLength(3 * 64 * 64)
  })

  it('ends a thumbnail', async () => {
    await open({ deadlineMs: 200 })
    const keeping = { keep: 'thumbnail', thumbnailSide: 320 } as const
    const slow = pool.pictureToKeep(await wideWebp(), keeping, { limits: defaultImageLimits })
    await expect(slow).rejects.toMatchObject({ code: 'IMAGE_TIMEOUT' })
  })

  it('does not begin before a process has the picture', async () => {
    pool = new DecoderPool({ processes: 1, deadlineMs: 2000 })
    const good = await gradient()
    const values = await Promise.all(Array.from({ length: 20 }, () => pool.prepareInput(good, transform)))
    expect(values).toHaveLength(20)
  })
})

describe('a slow picture', () => {
  it('does not hold up quick ones, and there are never more than twice as many processes', async () => {
    await open({ slowMs: 20 })
    const slow = await wideWebp()
    const order: string[] = []
    const note = (name: string) => () => order.push(name)
    const slowOnes = [1, 2, 3].map((i) => pool.prepareInput(slow, transform).then(note(`slow ${i}`)))
    await expect.poll(() => pool.running).toBe(2)
    expect(pool.waiting).toBe(1)
    expect(await decoders()).toHaveLength(2)
    await Promise.all(slowOnes)
    order.length = 0
    const again = pool.prepareInput(slow, transform).then(note('slow'))
    await expect.poll(() => pool.running).toBe(1)
    await pool.prepareInput(await gradient(), transform).then(note('quick'))
    await again
    expect(order.sort()).toEqual(['quick', 'slow'])
    await expect.poll(async () => (await decoders()).length).toBe(1)
  })

  it('whose client leaves is stopped', async () => {
    await open({ slowMs: 20 })
    const client = new AbortController()
    const slow = pool.prepareInput(await wideWebp(), transform, { signal: client.signal })
    slow.catch(() => undefined)
    await new Promise((resolve) => setTimeout(resolve, 60))
    const reason = new Error('left')
    client.abort(reason)
    await expect(slow).rejects.toBe(reason)
    await expect.poll(() => pool.running).toBe(0)
    expect(await pool.prepareInput(await gradient(), transform)).toHaveLength(3 * 64 * 64)
  })
})

describe('a picture whose client left before its turn', () => {
  it('is not decoded', async () => {
    await open({ slowMs: 60_000 })
    const client = new AbortController()
    const slow = pool.prepareInput(await wideWebp(), transform)
    const waiting = pool.prepareInput(await gradient(), transform, { signal: client.signal })
    waiting.catch(() => undefined)
    expect(pool.waiting).toBe(1)
    client.abort(new Error('left'))
    await expect(waiting).rejects.toThrow('left')
    expect(pool.waiting).toBe(0)
    await slow
  })
})

describe('a pool whose processes are there only for pictures', () => {
  it('has none before the first picture and none when there was none for a while, and begins again', async () => {
    pool = new DecoderPool({ processes: 2, deadlineMs: 30_000, idleMs: 50 })
    expect(await decoders()).toEqual([])
    const good = await gradient()
    for (let round = 0; round < 2; round++) {
      const values = await Promise.all([1, 2, 3, 4].map(() => pool.prepareInput(good, transform)))
      expect(values.map((one) => one.length)).toEqual([1, 2, 3, 4].map(() => 3 * 64 * 64))
      await expect.poll(decoders, { timeout: 5000 }).toEqual([])
    }
  })

  it('does not take them from a picture that takes longer than that', async () => {
    pool = new DecoderPool({ processes: 1, deadlineMs: 30_000, idleMs: 1 })
    const [quick] = await Promise.all([
      pool.prepareInput(await gradient(), transform),
      pool.prepareInput(await wideWebp(), transform),
    ])
    expect(quick).toHaveLength(3 * 64 * 64)
  })
})

describe('a decoder that dies', () => {
  it('is replaced, and its picture is tried once more', async () => {
    await open({ slowMs: 60_000 })
    const slow = pool.prepareInput(await wideWebp(), transform)
    for (const pid of await decoders()) process.kill(pid, 'SIGKILL')
    expect(await slow).toHaveLength(3 * 64 * 64)
  })

  it('is replaced when it had nothing to do', async () => {
    await open()
    for (const pid of await decoders()) process.kill(pid, 'SIGKILL')
    await expect.poll(decoders).toEqual([])
    expect(await pool.prepareInput(await gradient(), transform)).toHaveLength(3 * 64 * 64)
  })

  it('again and again over the same picture makes it a corrupt one', async () => {
    await open({ slowMs: 60_000 })
    const slow = pool.prepareInput(await wideWebp(), transform)
    slow.catch(() => undefined)
    const [first = 0] = await decoders()
    process.kill(first, 'SIGKILL')
    await expect.poll(async () => (await decoders()).filter((pid) => pid !== first).length).toBe(1)
    const [second = 0] = (await decoders()).filter((pid) => pid !== first)
    process.kill(second, 'SIGKILL')
    await expect(slow).rejects.toMatchObject({ code: 'IMAGE_CORRUPT' })
  })

  it('goes when the server does', async () => {
    await open({ processes: 2 })
    expect(await decoders()).toHaveLength(2)
    await pool.close()
    await expect.poll(decoders).toEqual([])
  })
})

it.runIf(process.platform === 'linux')(
  'tells the memory of its processes, and none once they are gone',
  async () => {
    await open()
    expect(await pool.residentBytes()).toBeGreaterThan(10_000_000)
    await pool.close()
    expect(await pool.residentBytes()).toBe(0)
  },
)
