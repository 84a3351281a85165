import sharp from 'sharp'

/**
 * The one sharp of the program.
 * - Cache off: libvips would keep up to 50 MB of operations, and no picture is decoded twice in a row.
 * - One thread a picture: pictures run beside each other in libuv's pool (UV_THREADPOOL_SIZE, 4 by default), which
 *   fills the cores with less overhead than several threads on each of them.
 */
sharp.cache(false)
sharp.concurrency(1)

export { sharp }
