import type { ComponentChildren } from 'preact'
import { useEffect, useRef } from 'preact/hooks'

/** Asks before something that cannot simply be taken back. */
export function Confirm(props: {
  title: string
  children: ComponentChildren
  yes: string
  onYes: () => void
  onNo: () => void
}) {
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
  }, [])
  return (
    <dialog ref={dialog} aria-labelledby="confirm-title" onClose={props.onNo}>
      <h2 id="confirm-title">{props.title}</h2>
      <p>{props.children}</p>
      <div class="buttons">
        <button
          type="button"
          // The browser gives the focus back then to what was pressed before.
          onClick={() => dialog.current?.close()}
        >
          Leave it as it is
        </button>
        <button type="button" class="danger" onClick={props.onYes}>
          {props.yes}
        </button>
      </div>
    </dialog>
  )
}
