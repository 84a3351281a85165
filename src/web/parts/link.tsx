import type { ComponentChildren } from 'preact'
import { writeAddress, home, type Address } from '../state/address.js'
import { useAddressBar } from '../state/address-context.js'

/** A link to another state of the page: one that can be opened in a new tab, too. */
export function Link(props: {
  to: Partial<Address>
  current?: boolean
  children: ComponentChildren
  class?: string
}) {
  const { go } = useAddressBar()
  const target = { ...home, ...props.to }
  return (
    <a
      href={writeAddress(target) || '.'}
      class={props.class}
      aria-current={props.current === true ? 'page' : undefined}
      onClick={(event) => {
        if (event.ctrlKey || event.metaKey || event.shiftKey || event.button !== 0) return
        event.preventDefault()
        go(target)
      }}
    >
      {props.children}
    </a>
  )
}
