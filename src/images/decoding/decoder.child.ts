import { toKindredError } from '../../errors.js'
import { preparePixels } from '../prepare-input.js'
import type { FromDecoder, ToDecoder } from './protocol.js'

/** The process in which pictures of requests are decoded. It may be killed at any time. */

const send = (message: FromDecoder): void => {
  process.send?.(message)
}

// Ctrl-C reaches every process of a terminal, but the server is to finish what it accepted.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
// The server is gone. An orderly exit would wait for the picture that is being decoded.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.on('message', (request: ToDecoder) => void answer(request))
send({ kind: 'ready' })

async function answer({ bytes, transform, limits, crop }: ToDecoder): Promise<void> {
  try {
    const image = await preparePixels(bytes, transform, { limits, ...(crop && { crop }) })
    send({ kind: 'decoded', image })
  } catch (thrown) {
    const { code, message, hint } = toKindredError(thrown)
    send({ kind: 'refused', code, message, hint })
  }
}
