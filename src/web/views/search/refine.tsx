import type { ComponentChildren } from 'preact'
import { useState } from 'preact/hooks'

/**
 * What narrows the answers down: beside them where there is room, folded away above them on a phone, unless something in it
 * has to be chosen.
 */
export function Refine({ children, wanted }: { children: ComponentChildren; wanted: boolean }) {
  const [open, setOpen] = useState(() => wanted || matchMedia('(min-width: 60rem)').matches)
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
