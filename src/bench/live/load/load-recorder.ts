import { quantile } from '../../quantile.js'
import { LatencyHistogram } from './latency-histogram.js'
import { stageNames, type LoadSecond, type LoadStep, type StageName } from './load-run.js'
import type { Sent } from './send.js'

/** Statuses with which a server says that it could not now. */
const refusals = new Set([429, 503])

interface Second {
  answered: number
  refused: number
  failed: number
  readonly ms: number[]
}

/** Adds up what became of the requests of one step. */
export class LoadRecorder {
  readonly #latency = new LatencyHistogram()
  readonly #refusals = new LatencyHistogram()
  readonly #late = new LatencyHistogram()
  readonly #stages = new Map(stageNames.map((stage) => [stage, new LatencyHistogram()]))
  readonly #errors = new Map<string, number>()
  readonly #seconds: Second[] = []
  readonly #bytes = { sent: 0, received: 0 }

  /** @param offset milliseconds from the end of the warm-up to when it was due */
  add(sent: Sent, offset: number, bytes: number): void {
    this.#late.add(sent.lateMs)
    this.#bytes.sent += bytes
    this.#bytes.received += sent.bytes
    const second = this.#second(Math.floor(offset / 1000))
    const timings = sent.status === 200 ? timingsOf(sent.text) : null
    if (timings !== null) {
      second.answered++
      second.ms.push(sent.ms)
      this.#latency.add(sent.ms)
      for (const [stage, histogram] of this.#stages) histogram.add(timings[stage])
      return
    }
    const code = sent.broke ?? codeOf(sent)
    this.#errors.set(code, (this.#errors.get(code) ?? 0) + 1)
    if (refusals.has(sent.status)) {
      second.refused++
      this.#refusals.add(sent.ms)
    } else second.failed++
  }

  result(): Pick<
    LoadStep,
    | 'sent'
    | 'answered'
    | 'refused'
    | 'failed'
    | 'latency'
    | 'latencyCurve'
    | 'refusalLatency'
    | 'errors'
    | 'stages'
    | 'bytes'
    | 'timeline'
  > & { readonly late: LoadStep['latency'] } {
    const count = (of: (second: Second) => number): number =>
      this.#seconds.reduce((sum, second) => sum + of(second), 0)
    const [answered, refused, failed] = [
      count((second) => second.answered),
      count((second) => second.refused),
      count((second) => second.failed),
    ]
    return {
      sent: answered + refused + failed,
      answered,
      refused,
      failed,
      latency: this.#latency.percentiles(),
      latencyCurve: this.#latency.curve(),
      refusalLatency: this.#refusals.percentiles(),
      errors: Object.fromEntries([...this.#errors].sort(([, a], [, b]) => b - a)),
      stages: this.#stagePercentiles(),
      bytes: { ...this.#bytes },
      timeline: this.#seconds.map(toLoadSecond),
      late: this.#late.percentiles(),
    }
  }

  #second(index: number): Second {
    while (this.#seconds.length <= index) {
      this.#seconds.push({ answered: 0, refused: 0, failed: 0, ms: [] })
    }
    // The loop has made it.
    return this.#seconds[index] as Second
  }

  #stagePercentiles(): LoadStep['stages'] {
    const entries = [...this.#stages].flatMap(([stage, histogram]) => {
      const percentiles = histogram.percentiles()
      return percentiles === null ? [] : [[stage, percentiles] as const]
    })
    if (entries.length < stageNames.length) return null
    return Object.fromEntries(entries) as NonNullable<LoadStep['stages']>
  }
}

/** null where it is no answer of kindred's: a proxy's page, say. */
function timingsOf(text: string): Readonly<Record<StageName, number>> | null {
  try {
    const { timings } = JSON.parse(text) as { timings?: Readonly<Record<StageName, number>> }
    return timings ?? null
  } catch {
    return null
  }
}

function codeOf({ status, text }: Sent): string {
  try {
    const { code } = JSON.parse(text) as { code?: unknown }
    if (typeof code === 'string') return code
  } catch {
    // Not a problem of kindred's: a proxy's page, say. The status is all there is to tell.
  }
  return `HTTP ${status}`
}

const toLoadSecond = ({ answered, refused, failed, ms }: Second, second: number): LoadSecond => ({
  second,
  answered,
  refused,
  failed,
  p50: ms.length === 0 ? null : quantile(ms, 0.5),
  p99: ms.length === 0 ? null : quantile(ms, 0.99),
})
