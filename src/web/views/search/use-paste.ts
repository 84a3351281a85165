import { useLayoutEffect } from 'preact/hooks'

/** Takes pictures, or the address of one, that are pasted anywhere but into a field. */
export function usePaste(onFiles: (files: File[]) => void, onText: (text: string) => void): void {
  // As with a drop: from the moment on that the page invites to it.
  useLayoutEffect(() => {
    const paste = (event: ClipboardEvent) => {
      if (event.target instanceof HTMLInputElement || event.clipboardData === null) return
      const files = [...event.clipboardData.files]
      if (files.length > 0) {
        event.preventDefault()
        onFiles(files)
      } else onText(event.clipboardData.getData('text/plain'))
    }
    addEventListener('paste', paste)
    return () => {
      removeEventListener('paste', paste)
    }
  }, [onFiles, onText])
}
