import type { Answer } from '../../../client/client.js'
import { counted, milliseconds } from '../../format/numbers.js'
import { ago, inFull } from '../../format/times.js'

/** How long the answer took, of how many items, and how fresh it is. */
export function AnswerFacts({ answer }: { answer: Answer<'search'> }) {
  const { timings, total, indexedAt, results } = answer
  const stages: readonly (readonly [string, number])[] = [
    ['reading the picture', timings.decode],
    ['recognising', timings.embed],
    ['comparing', timings.search],
  ]
  return (
    <p class="facts">
      <span>
        {milliseconds(timings.total)} for {counted(total, 'item')}
      </span>
      {stages
        .filter(([, time]) => time > 0)
        .map(([stage, time]) => (
          <span key={stage}>
            {stage} {milliseconds(time)}
          </span>
        ))}
      {indexedAt !== null && (
        <span>
          index as of{' '}
          <time dateTime={indexedAt} title={inFull(indexedAt)}>
            {ago(indexedAt)}
          </time>
        </span>
      )}
      {results.some(({ probability }) => probability !== undefined) && (
        <span>“same kind” is an estimate, for catalogues like the one that the model was calibrated on</span>
      )}
    </p>
  )
}
