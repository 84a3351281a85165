import { useAddressBar } from '../../state/address-context.js'
import { useSession } from '../../state/session.js'

/** From an answer to the next search: with it alone, or with it as one more example for or against. */
export function MoreLike({ id, name }: { id: string; name: string }) {
  const { address, go } = useAddressBar()
  const { server } = useSession()
  const { like, unlike } = address
  const room = like.length + unlike.length < server.limits.examples
  const example = { kind: 'item', id } as const
  const again = (next: Parameters<typeof go>[0]) => {
    go(next)
    scrollTo({ top: 0 })
  }
  return (
    <div class="more-like">
      <button
        type="button"
        aria-label={`More like this: ${name}`}
        onClick={() => {
          again({ like: [example], unlike: [], crop: null })
        }}
      >
        <span>
          More<span class="more-words"> like this</span>
        </span>
      </button>
      {room && (
        <>
          <button
            type="button"
            class="small"
            title="Also like this"
            aria-label={`Also like ${name}`}
            onClick={() => {
              again({ like: [...like, example] })
            }}
          >
            +
          </button>
          <button
            type="button"
            class="small"
            title="Not like this"
            aria-label={`Not like ${name}`}
            onClick={() => {
              again({ unlike: [...unlike, example] })
            }}
          >
            −
          </button>
        </>
      )}
    </div>
  )
}
