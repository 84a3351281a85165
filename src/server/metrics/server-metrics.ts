import type { RequestHandler } from 'express'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'
import type { JobCount } from '../../collections/jobs/job.js'
import type { Logger } from '../../log.js'
import type { PictureQueue } from '../load/picture-queue.js'
import type { Layer } from '../requests/layer.js'
import { operationOf } from '../requests/operation-of.js'
import { addCollectionGauges, type MeasuredStore } from './collection-gauges.js'

export type Stage = 'decode' | 'embed' | 'search'

/** Is told, when a stage of answering a request ends, how long it took. */
export interface StageObserver {
  observe(stage: Stage, milliseconds: number): void
}

/** Tells the memory of the processes that decode pictures, in bytes. */
export interface DecoderMemory {
  residentBytes(): Promise<number>
}

/**
 * What the server measures of itself, for Prometheus. Every label has a bounded number of values: operations of the
 * contract, HTTP statuses, stages, and the first hundred collections by name.
 */
export class ServerMetrics implements StageObserver {
  readonly #registry = new Registry()
  readonly #requests = new Counter({
    name: 'kindred_requests_total',
    help: 'Requests that are over, by operation (other: none of the contract) and HTTP status (aborted: the client left).',
    labelNames: ['operation', 'status'] as const,
    registers: [this.#registry],
  })
  readonly #durations = new Histogram({
    name: 'kindred_request_seconds',
    help: 'From the head of a request to the end of its answer.',
    labelNames: ['operation'] as const,
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers: [this.#registry],
  })
  readonly #stages = new Histogram({
    name: 'kindred_stage_seconds',
    help: 'Parts of answering: decode (bytes to network input), embed, search; waiting for each is in it.',
    labelNames: ['stage'] as const,
    buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [this.#registry],
  })

  constructor(parts: {
    readonly store: MeasuredStore
    readonly jobs: { counts(): readonly JobCount[] }
    readonly queue: Pick<PictureQueue, 'running' | 'waiting'>
    readonly decoders?: readonly DecoderMemory[]
    readonly logger: Logger
  }) {
    const { store, jobs, queue, decoders, logger } = parts
    const registers = [this.#registry]
    collectDefaultMetrics({ register: this.#registry })
    new Gauge({
      name: 'kindred_pictures_running',
      help: 'Pictures that are being decoded and embedded.',
      registers,
      collect() {
        this.set(queue.running)
      },
    })
    new Gauge({
      name: 'kindred_pictures_waiting',
      help: 'Pictures that wait for that.',
      registers,
      collect() {
        this.set(queue.waiting)
      },
    })
    new Gauge({
      name: 'kindred_jobs',
      help: 'Jobs on record, by kind and state.',
      labelNames: ['kind', 'state'],
      registers,
      collect() {
        this.reset()
        for (const { kind, state, count } of jobs.counts()) this.set({ kind, state }, count)
      },
    })
    if (decoders !== undefined) {
      new Gauge({
        name: 'kindred_decoder_resident_bytes',
        help: 'Memory of the processes that decode pictures, where the system tells it (Linux).',
        registers,
        async collect() {
          const bytes = await Promise.all(decoders.map((pool) => pool.residentBytes()))
          this.set(bytes.reduce((sum, one) => sum + one, 0))
        },
      })
    }
    addCollectionGauges(this.#registry, store, logger)
  }

  observe(stage: Stage, milliseconds: number): void {
    this.#stages.observe({ stage }, milliseconds / 1000)
  }

  /** Counts and times every request. */
  readonly middleware: Layer = (req, res, next) => {
    const started = performance.now()
    res.once('close', () => {
      const operation = operationOf(req)?.id ?? 'other'
      const status = res.writableFinished ? String(res.statusCode) : 'aborted'
      this.#requests.inc({ operation, status })
      this.#durations.observe({ operation }, (performance.now() - started) / 1000)
    })
    next()
  }

  /** GET /metrics, in Prometheus' text format. */
  readonly handler: RequestHandler = async (_req, res) => {
    const text = await this.#registry.metrics()
    res.setHeader('Content-Type', this.#registry.contentType)
    res.end(text)
  }
}
