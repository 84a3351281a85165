import { useState } from 'preact/hooks'
import { counted, percent } from '../../format/numbers.js'
import { Loading } from '../../parts/loading.js'
import { Picture } from '../../parts/picture.js'
import { Problem } from '../../parts/problem.js'
import { useSession } from '../../state/session.js'
import { useLoad } from '../../state/use-load.js'

const atOnce = 25

/** What a search for duplicates found: groups, the largest first, each side by side. */
export function DuplicateGroups({ job, collection }: { job: string; collection: string }) {
  const { client } = useSession()
  const [limit, setLimit] = useState(atOnce)
  const found = useLoad(
    (signal) => client.listJobResult({ path: { job }, query: { limit }, signal }),
    `${job}|${limit}`,
  )
  if (found.value === undefined) {
    return found.error === null ? (
      <Loading>Getting what was found</Loading>
    ) : (
      <Problem error={found.error} retry={found.again} />
    )
  }
  const { items: groups, nextCursor } = found.value
  if (groups.length === 0) return <p role="status">Nothing looks the same.</p>
  return (
    <>
      <p role="status">
        {nextCursor !== null && 'More than '}
        {counted(groups.length, 'group')} of items that look the same
      </p>
      <ol class="duplicates">
        {groups.map(({ items }) => (
          <li key={items[0]?.id} class="card">
            <ul class="duplicate-group" aria-label={counted(items.length, 'item')}>
              {items.map(({ id, similarity }) => (
                <li key={id}>
                  <Picture collection={collection} id={id} />
                  <p class="answer-name">{id}</p>
                  <p class="hint">{percent(similarity)} alike</p>
                </li>
              ))}
            </ul>
          </li>
        ))}
      </ol>
      {nextCursor !== null && limit < 1000 && (
        <button
          type="button"
          class="more"
          onClick={() => {
            setLimit(Math.min(1000, limit * 4))
          }}
        >
          More groups
        </button>
      )}
    </>
  )
}
