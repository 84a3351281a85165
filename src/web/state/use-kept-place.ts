import { useEffect } from 'preact/hooks'

/** What can be gone on from: parts of the page that say what they are. */
const parts = 'section, article, main'

/**
 * Keeps the place of whoever goes by the keyboard or a screen reader: where what has the focus goes away, as a button does with its
 * answer, the nearest part of the page around it gets the focus. The browser would begin at the top again.
 */
export function useKeptPlace(): void {
  useEffect(() => {
    /** What has the focus, and all that is around it. */
    let held: readonly EventTarget[] = []
    const take = (event: FocusEvent) => {
      held = event.composedPath()
    }
    const look = () => {
      const [gone, ...around] = held
      if (!(gone instanceof Node) || gone.isConnected || document.activeElement !== document.body) return
      const left = around.find(
        (one): one is HTMLElement => one instanceof HTMLElement && one.isConnected && one.matches(parts),
      )
      if (left === undefined) return
      left.tabIndex = -1
      left.focus({ preventScroll: true })
    }
    const observer = new MutationObserver(look)
    observer.observe(document.body, { childList: true, subtree: true })
    addEventListener('focusin', take)
    return () => {
      observer.disconnect()
      removeEventListener('focusin', take)
    }
  }, [])
}
