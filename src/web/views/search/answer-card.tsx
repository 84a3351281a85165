import type { components } from '../../../client/client.js'
import { itemName, shown } from '../../format/item-name.js'
import { Picture } from '../../parts/picture.js'
import { MoreLike } from './more-like.js'
import { Score } from './score.js'

type Result = components['schemas']['SearchResult']

/** An item that looks like the query. */
export function AnswerCard({ result, collection }: { result: Result; collection: string }) {
  const { id, metadata } = result
  const name = itemName(id, metadata)
  const known = Object.entries(metadata ?? {}).filter(([, value]) => value !== null)
  return (
    <li class="answer card">
      <Picture collection={collection} id={id} />
      <p class="answer-name" title={name}>
        {name}
      </p>
      <Score score={result.score} probability={result.probability} />
      <MoreLike id={id} name={name} />
      {(known.length > 0 || result.group !== null || name !== id) && (
        <details>
          <summary aria-label={`Details of ${name}`}>Details</summary>
          <dl>
            {name !== id && <Detail name="id" value={id} />}
            {result.group !== null && <Detail name="product" value={result.group} />}
            {known.map(([field, value]) => (
              <Detail key={field} name={field} value={shown(value)} />
            ))}
          </dl>
        </details>
      )}
    </li>
  )
}

const Detail = ({ name, value }: { name: string; value: string }) => (
  <div>
    <dt>{name}</dt>
    <dd>{value}</dd>
  </div>
)
