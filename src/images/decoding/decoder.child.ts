import { toKindredError } from '../../errors.js'
import { pictureToKeep } from '../picture-to-keep.js'
import { preparePixels } from '../prepare-input.js'
import type { Decoded, FromDecoder, ToDecoder, ToKeep, ToPrepare } from './protocol.js'

/** The process in which pictures are decoded. It may be killed at any time. */

const send = (message: FromDecoder): void => {
  process.send?.(message)
}

// Ctrl-C reaches every process of a terminal, but the server is to finish what it accepted.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined)
// The server is gone. An orderly exit would wait for the picture that is being decoded.
process.on('disconnect', () => process.kill(process.pid, 'SIGKILL'))
process.on('message', (request: ToDecoder) => void answer(request))
send({ kind: 'ready' })

async function answer(request: ToDecoder): Promise<void> {
  try {
    send({ kind: 'done', result: await (request.kind === 'prepare' ? prepare(request) : keep(request)) })
  } catch (thrown) {
    const { code, message, hint } = toKindredError(thrown)
    send({ kind: 'refused', code, message, hint })
  }
}

const prepare = ({ bytes, transform, limits, crop }: ToPrepare): Promise<Decoded['prepare']> =>
  preparePixels(bytes, transform, { limits, ...(crop && { crop }) })

async function keep({ bytes, keeping, limits }: ToKeep): Promise<Decoded['keep']> {
  const kept = await pictureToKeep(bytes, keeping, { limits })
  return kept?.bytes === bytes ? { ...kept, bytes: null } : kept
}
