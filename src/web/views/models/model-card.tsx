import { percent } from '../../format/numbers.js'
import { Loading } from '../../parts/loading.js'
import { Markdown } from '../../parts/markdown.js'
import { Problem } from '../../parts/problem.js'
import { useSession } from '../../state/session.js'
import { useLoad } from '../../state/use-load.js'

/** A model's card: what it learned from, how good it is, and what it may be used for. */
export function ModelCard({ model }: { model: string }) {
  const { client } = useSession()
  const loaded = useLoad((signal) => client.getModel({ path: { model }, signal }), model)
  if (loaded.error !== null) return <Problem error={loaded.error} retry={loaded.again} />
  if (loaded.value === undefined) return <Loading>Getting the card</Loading>
  const { card, manifest } = loaded.value
  const metrics = sharesOf(manifest['metrics'])
  return (
    <article class="card model-card" aria-label={`Card of ${model}`}>
      {metrics.length > 0 && (
        <dl class="metrics">
          {metrics.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{percent(value)}</dd>
            </div>
          ))}
        </dl>
      )}
      <Markdown text={card} />
    </article>
  )
}

/** Figures by name, as shares of 1. */
const sharesOf = (metrics: unknown): [string, number][] =>
  Object.entries(typeof metrics === 'object' && metrics !== null ? metrics : {}).filter(
    (entry): entry is [string, number] => typeof entry[1] === 'number' && entry[1] >= 0 && entry[1] <= 1,
  )
