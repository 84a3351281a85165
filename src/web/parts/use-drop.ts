import { useLayoutEffect, useState } from 'preact/hooks'
import { filesOf } from './files-of.js'

/**
 * Takes what is dropped anywhere on the page.
 *
 * @returns whether something is held over it
 */
export function useDrop(onFiles: (files: File[]) => void, onText?: (text: string) => void): boolean {
  const [over, setOver] = useState(false)
  // What the page shows it does: a drop right after it changed goes by what can be seen.
  useLayoutEffect(() => {
    const hold = (event: DragEvent) => {
      event.preventDefault()
      setOver(true)
    }
    const leave = (event: DragEvent) => {
      // Between two parts of the page it is still over the page.
      if (event.relatedTarget === null) setOver(false)
    }
    const drop = (event: DragEvent) => {
      event.preventDefault()
      setOver(false)
      const { dataTransfer } = event
      if (dataTransfer === null) return
      const text = dataTransfer.getData('text/uri-list') || dataTransfer.getData('text/plain')
      void filesOf(dataTransfer).then((files) => {
        if (files.length > 0) onFiles(files)
        else if (text !== '') onText?.(text)
      })
    }
    addEventListener('dragover', hold)
    addEventListener('dragleave', leave)
    addEventListener('drop', drop)
    return () => {
      removeEventListener('dragover', hold)
      removeEventListener('dragleave', leave)
      removeEventListener('drop', drop)
    }
  }, [onFiles, onText])
  return over
}
