import { useSession } from '../../state/session.js'
import { addressMisfits } from '../../state/address-misfits.js'

/** Says where a link asked for something that there is not, and what is shown in its place. */
export function AddressNote() {
  const { server } = useSession()
  const misfits = addressMisfits(location.search, server.limits.k)
  if (misfits.length === 0) return null
  return (
    <p class="card note address-note" role="status">
      Some of the link cannot be done as it stands: {misfits.join('; ')}.
    </p>
  )
}
