import type { ComponentChildren } from 'preact'

/** Something that can be chosen or left. */
export const Chip = (props: {
  checked: boolean
  onChange: (checked: boolean) => void
  children: ComponentChildren
}) => (
  <label class="chip">
    <input
      type="checkbox"
      checked={props.checked}
      onChange={(event) => {
        props.onChange(event.currentTarget.checked)
      }}
    />
    <span>{props.children}</span>
  </label>
)
