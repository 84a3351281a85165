import { useState } from 'preact/hooks'
import type { Job } from '../../state/session.js'
import { DuplicateGroups } from '../catalogue/duplicate-groups.js'

/** What a search for duplicates found, fetched once somebody wants to see it. */
export function FoundGroups({ job: { id, collection } }: { job: Job }) {
  const [open, setOpen] = useState(false)
  return (
    <details
      onToggle={(event) => {
        setOpen(event.currentTarget.open)
      }}
    >
      <summary>Groups that were found</summary>
      {open && <DuplicateGroups job={id} collection={collection} />}
    </details>
  )
}
