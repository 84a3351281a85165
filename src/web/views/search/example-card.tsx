import { Picture } from '../../parts/picture.js'
import type { Example } from '../../state/address.js'
import { photoOf } from '../../state/photos.js'

/** One of several things that answers should be like, or unlike. */
export function ExampleCard(props: {
  example: Example
  against: boolean
  collection: string
  remove: (example: Example) => void
}) {
  const { example, against, collection, remove } = props
  const name = nameOf(example)
  return (
    <li class={`example ${against ? 'against' : ''}`}>
      <ExamplePicture example={example} collection={collection} />
      <span class="example-kind">{against ? 'unlike' : 'like'}</span>
      <span class="example-name">{name}</span>
      <button
        type="button"
        class="quiet"
        aria-label={`Remove ${name}`}
        onClick={() => {
          remove(example)
        }}
      >
        ×
      </button>
    </li>
  )
}

function ExamplePicture({ example, collection }: { example: Example; collection: string }) {
  switch (example.kind) {
    case 'item':
      return <Picture collection={collection} id={example.id} />
    case 'url':
      // Its picture lies elsewhere, and the page asks no one but its own server.
      return <span class="picture no-picture">at an address</span>
    case 'photo':
      return <span class="picture">{<img src={photoOf(example.id)?.shown} alt="" />}</span>
  }
}

function nameOf(example: Example): string {
  switch (example.kind) {
    case 'item':
      return example.id
    case 'url':
      return example.url
    case 'photo':
      return photoOf(example.id)?.name || 'your picture'
  }
}
