import { KindredError } from '../../errors.js'
import type { InputTransform } from '../input-transform.js'
import { defaultImageLimits } from '../limits.js'
import { normalisePixels } from '../normalise.js'
import type { PictureDecoder } from '../picture-decoder.js'
import { keepsBytes, type Keeping, type KeepOptions, type KeptPicture } from '../picture-to-keep.js'
import type { PrepareOptions } from '../prepare-input.js'
import { DecoderEnded, DecoderProcess } from './decoder-process.js'
import type { Decoded, ToDecoder } from './protocol.js'

export interface DecoderPoolOptions {
  /** Pictures decoded at the same time. */
  readonly processes: number
  /** For one picture, from when a process has it. */
  readonly deadlineMs: number
  /** From then on a picture counts as slow, and another process takes its place. */
  readonly slowMs?: number
  /**
   * Processes begin when there are pictures, and go when there were none for so long. Absent: they begin at once and
   * stay, so that no picture waits for a process to begin.
   */
  readonly idleMs?: number
}

interface Job {
  readonly request: ToDecoder
  readonly resolve: (result: Decoded[keyof Decoded]) => void
  readonly reject: (reason: Error) => void
  /** Nobody waits for it any more. */
  abandoned: boolean
  attempts: number
}

interface Lane {
  readonly process: DecoderProcess
  /** What it decodes. */
  job: Job | null
  slow: boolean
}

/** A picture that ended so many processes is given up. */
const mostAttempts = 2

/**
 * Decodes pictures in processes of their own, by the same code as everywhere else (`preparePixels`, `pictureToKeep`). One
 * that takes longer than it may is stopped by killing its process, which has no other; another takes its place. Slow pictures do
 * not hold up quick ones: for each there may be one process more, up to twice as many.
 */
export class DecoderPool implements PictureDecoder {
  readonly #options: DecoderPoolOptions & Required<Pick<DecoderPoolOptions, 'slowMs'>>
  readonly #lanes = new Set<Lane>()
  readonly #line = new Set<Job>()
  #idle: NodeJS.Timeout | undefined
  #closed = false

  constructor(options: DecoderPoolOptions) {
    this.#options = { slowMs: 1000, ...options }
    if (options.idleMs !== undefined) return
    for (let i = 0; i < options.processes; i++) this.#open()
  }

  /** Pictures that are being decoded. */
  get running(): number {
    return [...this.#lanes].filter(({ job }) => job !== null).length
  }

  get waiting(): number {
    return this.#line.size
  }

  /** Memory of its processes, in bytes. */
  async residentBytes(): Promise<number> {
    const bytes = await Promise.all([...this.#lanes].map(({ process }) => process.residentBytes()))
    return bytes.reduce((sum, one) => sum + one, 0)
  }

  /**
   * As `prepareInput`, and stops at the deadline, or when the caller does.
   *
   * @throws KindredError as `prepareInput`; IMAGE_TIMEOUT; the signal's reason when aborted
   */
  async prepareInput(
    bytes: Uint8Array,
    transform: InputTransform,
    { limits = defaultImageLimits, crop, signal }: PrepareOptions = {},
  ): Promise<Float32Array> {
    signal?.throwIfAborted()
    const work = { kind: 'prepare', bytes, transform, limits, crop: crop ?? null } as const
    return normalisePixels(await this.#decode(work, signal), transform)
  }

  /**
   * As `pictureToKeep`, and stops at the deadline, or when the caller does.
   *
   * @throws KindredError as `pictureToKeep`; IMAGE_TIMEOUT; the signal's reason when aborted
   */
  async pictureToKeep(
    bytes: Uint8Array,
    keeping: Keeping,
    { limits, signal }: KeepOptions,
  ): Promise<KeptPicture | null> {
    signal?.throwIfAborted()
    if (!keepsBytes(keeping)) return null
    const { keep, thumbnailSide } = keeping
    const work = { kind: 'keep', bytes, keeping: { keep, thumbnailSide }, limits } as const
    const kept = await this.#decode(work, signal)
    return kept && { ...kept, bytes: kept.bytes ?? bytes }
  }

  /** Kills every process; nothing is decoded afterwards. */
  async close(): Promise<void> {
    this.#closed = true
    const processes = [...this.#lanes].map(({ process }) => process)
    this.#rest()
    await Promise.all(processes.map(({ gone }) => gone))
  }

  async #decode<Kind extends keyof Decoded>(
    request: ToDecoder & { readonly kind: Kind },
    signal: AbortSignal | undefined,
  ): Promise<Decoded[Kind]> {
    let abort: (() => void) | undefined
    try {
      return await new Promise<Decoded[Kind]>((resolve, reject) => {
        const job: Job = {
          request,
          // Its process answers what it was asked.
          resolve: resolve as Job['resolve'],
          reject,
          abandoned: false,
          attempts: 0,
        }
        abort = () => {
          this.#abandon(job)
          reject(signal?.reason as Error)
        }
        signal?.addEventListener('abort', abort, { once: true })
        this.#line.add(job)
        this.#next()
      })
    } finally {
      if (abort !== undefined) signal?.removeEventListener('abort', abort)
    }
  }

  #abandon(job: Job): void {
    job.abandoned = true
    this.#line.delete(job)
    // What is quick ends by itself, which costs less than a new process.
    for (const lane of this.#lanes) if (lane.job === job && lane.slow) lane.process.kill()
  }

  /** Gives the first in the line to a process that has nothing to do. */
  #next(): void {
    const [job] = this.#line
    clearTimeout(this.#idle)
    if (job === undefined) {
      this.#restLater()
      return
    }
    const lane = [...this.#lanes].find((one) => one.job === null && !one.process.ended) ?? this.#open()
    if (lane === null) return
    this.#line.delete(job)
    lane.job = job
    void this.#work(lane, job).finally(() => {
      this.#leave(lane)
      this.#next()
    })
  }

  #restLater(): void {
    const { idleMs } = this.#options
    if (idleMs === undefined || this.running > 0 || this.#closed) return
    this.#idle = setTimeout(() => {
      this.#rest()
    }, idleMs)
    this.#idle.unref()
  }

  #rest(): void {
    clearTimeout(this.#idle)
    for (const { process } of this.#lanes) process.kill()
  }

  /** Another process where there may be one. */
  #open(): Lane | null {
    for (const lane of this.#lanes) if (lane.job === null && lane.process.ended) this.#lanes.delete(lane)
    const lanes = [...this.#lanes]
    const { processes } = this.#options
    const full = lanes.filter(({ slow }) => !slow).length >= processes || lanes.length >= 2 * processes
    if (full || this.#closed) return null
    const lane: Lane = { process: new DecoderProcess(), job: null, slow: false }
    this.#lanes.add(lane)
    return lane
  }

  async #work(lane: Lane, job: Job): Promise<void> {
    const { process } = lane
    const { deadlineMs, slowMs } = this.#options
    const timers: NodeJS.Timeout[] = []
    try {
      job.attempts++
      await process.ready
      if (job.abandoned) return
      timers.push(
        setTimeout(() => {
          lane.slow = true
          if (job.abandoned) process.kill()
          this.#next()
        }, slowMs),
        setTimeout(() => {
          job.abandoned = true
          job.reject(tooSlow(deadlineMs))
          process.kill()
        }, deadlineMs),
      )
      job.resolve(await process.decode(job.request))
    } catch (thrown) {
      this.#fail(job, thrown)
    } finally {
      timers.forEach(clearTimeout)
    }
  }

  #fail(job: Job, thrown: unknown): void {
    if (!(thrown instanceof DecoderEnded)) {
      job.reject(thrown as Error)
    } else if (!job.abandoned && !this.#closed && job.attempts < mostAttempts) {
      // The system may have ended it, for want of memory perhaps, and not the picture.
      this.#line.add(job)
    } else {
      const message = `The picture cannot be decoded: the process that tried ended again (${thrown.message})`
      job.reject(new KindredError('IMAGE_CORRUPT', message, { cause: thrown }))
    }
  }

  /** The picture is done with; a process that has ended, or is one more than there should be, goes. */
  #leave(lane: Lane): void {
    lane.job = null
    lane.slow = false
    if (!lane.process.ended && this.#lanes.size <= this.#options.processes) return
    lane.process.kill()
    this.#lanes.delete(lane)
  }
}

const tooSlow = (ms: number): KindredError =>
  new KindredError('IMAGE_TIMEOUT', `The picture was not decoded within ${ms / 1000} seconds`)
