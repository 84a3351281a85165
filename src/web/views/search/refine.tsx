import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'

/** What narrows the answers down: beside them where there is room, folded away above them on a phone. */
export function Refine({ children }: { children: ComponentChildren }) {
  const [open, setOpen] = useState(() => matchMedia('(min-width: 60rem)').matches)
  return (
    <details
      class="refine"
      open={open}
      onToggle={(event) => {
        setOpen(event.currentTarget.open)
      }}
    >
      <summary>Narrow it down</summary>
      {children}
    </details>
  )
}
