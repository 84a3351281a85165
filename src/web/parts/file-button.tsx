import type { ComponentChildren } from 'preact'

/** A button that lets somebody choose files. */
export function FileButton(props: {
  children: ComponentChildren
  accept?: string
  multiple?: boolean
  /** Asks a phone for its camera. */
  camera?: boolean
  class?: string
  onFiles: (files: File[]) => void
}) {
  return (
    <label class={`button ${props.class ?? ''}`}>
      <input
        type="file"
        class="hidden-input"
        accept={props.accept}
        multiple={props.multiple}
        capture={props.camera === true ? 'environment' : undefined}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])]
          // The same file can be chosen again.
          currentTarget.value = ''
          if (files.length > 0) props.onFiles(files)
        }}
      />
      {props.children}
    </label>
  )
}
