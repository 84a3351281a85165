import { counted } from '../../format/numbers.js'
import { ago, inFull } from '../../format/times.js'
import { Link } from '../../parts/link.js'
import { useSession } from '../../state/session.js'

/** Every collection with its counts, its model, and how fresh it is. */
export function CollectionList({ current }: { current: string | undefined }) {
  const { collections } = useSession()
  if (collections.length === 0)
    return <p class="card empty">There is no collection yet. Make the first one.</p>
  return (
    <ul class="collections" aria-label="Collections">
      {collections.map(({ name, counts, model, dimensions, indexedAt }) => (
        <li key={name} class={`card collection ${name === current ? 'current' : ''}`}>
          <h2>
            <Link to={{ view: 'catalogue', collection: name }} current={name === current}>
              {name}
            </Link>
          </h2>
          <p>
            {counted(counts.items, 'item')}
            {counts.groups > 0 && ` of ${counted(counts.groups, 'product')}`}
          </p>
          <p class="hint">{model ?? `embeddings of ${dimensions} values`}</p>
          <p class="hint">
            {indexedAt === null ? (
              'nothing in it yet'
            ) : (
              <>
                changed{' '}
                <time dateTime={indexedAt} title={inFull(indexedAt)}>
                  {ago(indexedAt)}
                </time>
              </>
            )}
          </p>
        </li>
      ))}
    </ul>
  )
}
