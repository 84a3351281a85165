import { counted } from '../../format/numbers.js'
import { Confirm } from '../../parts/confirm.js'
import type { Collection } from '../../state/session.js'

/** Asks before an import that removes what it does not name. */
export const ConfirmRemoval = (props: {
  file: File
  collection: Collection
  onYes: () => void
  onNo: () => void
}) => (
  <Confirm
    title={`Bring in ${props.file.name} and remove all else?`}
    yes="Bring in and remove"
    onYes={props.onYes}
    onNo={props.onNo}
  >
    {props.collection.name} has {counted(props.collection.counts.items, 'item')} now. Those that{' '}
    {props.file.name} does not name are removed once it is in, and there is no way back but a snapshot. To see
    how many they are, try it first.
  </Confirm>
)
