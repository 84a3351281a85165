import type { components } from '../../../client/client.js'
import { itemName, shown } from '../../format/item-name.js'
import { Picture } from '../../parts/picture.js'
import { MoreLike } from './more-like.js'
import { Score } from './score.js'

type Group = components['schemas']['SearchGroup']

/** A product, or whatever its items have in common: its best picture, and the next ones small. */
export function GroupCard({ result, collection }: { result: Group; collection: string }) {
  const { id, group, items } = result
  const name = group === null ? itemName(id, items[0]?.metadata) : shown(group)
  return (
    <li class="answer card">
      <Picture collection={collection} id={id} />
      <p class="answer-name" title={name}>
        {name}
      </p>
      <Score score={result.score} probability={result.probability} />
      {items.length > 1 && (
        <div class="group-more">
          {items.slice(1).map((item) => (
            <Picture key={item.id} collection={collection} id={item.id} />
          ))}
        </div>
      )}
      <MoreLike id={id} name={name} />
    </li>
  )
}
