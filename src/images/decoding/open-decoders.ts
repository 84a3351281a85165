import { availableParallelism } from 'node:os'
import { DecoderPool, type DecoderPoolOptions } from './decoder-pool.js'

interface DecoderSettings {
  /** 0 for one a core. */
  readonly decoders: number
  readonly decodeSeconds: number
}

/** Processes that a job no longer needs give their memory back; the rows of a slow source come quicker than this. */
const jobIdleMs = 30_000

/** The decoders that the program's settings ask for. */
export const decoderPoolFrom = ({ decoders, decodeSeconds }: DecoderSettings): DecoderPoolOptions => ({
  processes: decoders === 0 ? availableParallelism() : decoders,
  deadlineMs: decodeSeconds * 1000,
})

/** Decoders for imports and changes of model, which are there only while pictures come; the caller closes them. */
export const openJobDecoders = (settings: DecoderSettings): DecoderPool =>
  new DecoderPool({ ...decoderPoolFrom(settings), idleMs: jobIdleMs })
