import type { ComponentChildren } from 'preact'

/** A button that lets somebody choose files. */
export function FileButton(props: {
  children: ComponentChildren
  accept?: string
  multiple?: boolean
  /** A folder in place of files; each of its files is named by its path then. */
  folder?: boolean
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
        ref={(input) => {
          if (input !== null) input.webkitdirectory = props.folder === true
        }}
        capture={props.camera === true ? 'environment' : undefined}
        onChange={({ currentTarget }) => {
          const files = [...(currentTarget.files ?? [])].map(namedByPath)
          // The same file can be chosen again.
          currentTarget.value = ''
          if (files.length > 0) props.onFiles(files)
        }}
      />
      {props.children}
    </label>
  )
}

const namedByPath = (file: File): File =>
  file.webkitRelativePath === '' ? file : new File([file], file.webkitRelativePath, { type: file.type })
