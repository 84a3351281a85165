import { useAddressBar } from '../../state/address-context.js'
import { useSession } from '../../state/session.js'

const numbers = [10, 20, 50, 100]
const scores = [0.3, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95]

/** How many answers, how alike at least, and one for each what. */
export function Options({ fields }: { fields: readonly string[] }) {
  const { address, go } = useAddressBar()
  const { server } = useSession()
  const { k, minScore, groupBy } = address
  return (
    <>
      <label class="field">
        Answers
        <select
          value={k}
          onChange={(event) => {
            go({ k: Number(event.currentTarget.value) })
          }}
        >
          {withValue(numbers, k)
            .filter((number) => number <= server.limits.k)
            .map((number) => (
              <option key={number} value={number}>
                {number}
              </option>
            ))}
        </select>
      </label>
      <label class="field">
        Score at least
        <select
          value={minScore ?? ''}
          onChange={(event) => {
            const { value } = event.currentTarget
            go({ minScore: value === '' ? null : Number(value) })
          }}
        >
          <option value="">any</option>
          {withValue(scores, minScore).map((score) => (
            <option key={score} value={score}>
              {score.toFixed(2)}
            </option>
          ))}
        </select>
      </label>
      <label class="field">
        Put together
        <select
          value={groupBy ?? ''}
          onChange={(event) => {
            go({ groupBy: event.currentTarget.value || null })
          }}
        >
          <option value="">nothing</option>
          <option value="group">by product</option>
          {fields.map((field) => (
            <option key={field} value={field}>
              by the field {field}
            </option>
          ))}
        </select>
      </label>
    </>
  )
}

/** A value that a link brought may be none of those that can be chosen. */
const withValue = (values: readonly number[], value: number | null): number[] =>
  [...new Set(value === null ? values : [...values, value])].sort((a, b) => a - b)
