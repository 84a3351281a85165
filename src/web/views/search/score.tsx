import { percent } from '../../format/numbers.js'

/** How alike, and how likely of the same kind where the model can tell. */
export function Score({ score, probability }: { score: number; probability: number | undefined }) {
  return (
    <p class="score">
      <span class="score-bar" aria-hidden="true">
        <span style={{ width: percent(Math.max(0, score)).replace(' ', '') }} />
      </span>
      <span>
        score <b>{score.toFixed(2)}</b>
      </span>
      {probability !== undefined && <span class="same-kind">same kind: {percent(probability)}</span>}
    </p>
  )
}
