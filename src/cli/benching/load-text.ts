import type { LoadRun, LoadShape, LoadStep, RampResult } from '../../bench/live/load/load-run.js'

const ms = (milliseconds: number): string => `${milliseconds.toFixed(1)} ms`

/** What a load benchmark found, as a person reads it. */
export const loadText = ({ steps, requests, ramp }: LoadRun): string =>
  [
    `load: ${requests.distinct} queries of ${(requests.meanBytes / 1000).toFixed(1)} kB in turn\n`,
    ...steps.map(stepText),
    ramp === null ? '' : rampText(ramp),
  ].join('')

/** One step while the others are still to come. */
export const stepLine = ({ shape, sent, latency, refused, failed }: LoadStep): string => {
  const answers = latency === null ? (sent === 0 ? 'no request' : 'no answer') : `p99 ${ms(latency.p99)}`
  return `${shapeText(shape)}: ${answers}, ${refused} refused, ${failed} failed\n`
}

function stepText(step: LoadStep): string {
  const {
    shape,
    seed,
    offered,
    sent,
    answered,
    refused,
    failed,
    rate,
    latency,
    errors,
    stages,
    metrics,
    generator,
  } = step
  const counts = [
    ...(offered === null || shape.loop === 'closed' || shape.arrivals === 'constant'
      ? []
      : [`${offered.toFixed(1)}/s came (seed ${seed})`]),
    `${answered} of ${sent} answered, ${rate.toFixed(1)}/s`,
    ...(refused > 0 ? [`${refused} refused`] : []),
    ...(failed > 0 ? [`${failed} failed`] : []),
  ]
  const codes = Object.entries(errors).map(([code, count]) => `${code} ${count}`)
  return [
    `  ${shapeText(shape)}: ${counts.join(', ')}\n`,
    latency === null
      ? ''
      : `    p50 ${ms(latency.p50)}, p90 ${ms(latency.p90)}, p99 ${ms(latency.p99)}, p99.9 ${ms(latency.p999)}, p99.99 ${ms(latency.p9999)}, longest ${ms(latency.max)}\n`,
    stages === null
      ? ''
      : `    of that the server's own, p50: decode ${ms(stages.decode.p50)}, embed ${ms(stages.embed.p50)}, search ${ms(stages.search.p50)}, all ${ms(stages.total.p50)}\n`,
    metrics?.request == null ? '' : `    /metrics: ${ms(metrics.request)} a search in the mean\n`,
    sent === 0 ? '    no request began in the seconds that count: make --duration longer\n' : '',
    codes.length === 0 ? '' : `    ${codes.join(', ')}\n`,
    ...generator.bottlenecks.map((reason) => `    the load side is the bottleneck: ${reason}\n`),
  ].join('')
}

export const shapeText = (shape: LoadShape): string =>
  shape.loop === 'open'
    ? `${Number(shape.rate.toPrecision(4))} searches/s, ${shape.arrivals}`
    : `${shape.clients} ${shape.clients === 1 ? 'client' : 'clients'} at once`

const limits: Readonly<Record<RampResult['limitedBy'], string>> = {
  server: '',
  client: '; the load side could not make more',
  limit: ', the most that was tried',
}

function rampText({ sloMs, rate, limitedBy }: RampResult): string {
  if (rate === null) return `  no rate was found whose p99 is within ${sloMs} ms\n`
  return `  highest rate whose p99 is within ${sloMs} ms: ${Number(rate.toPrecision(3))} searches/s${limits[limitedBy]}\n`
}
