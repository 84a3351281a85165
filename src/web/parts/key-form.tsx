import { useState } from 'preact/hooks'
import type { ApiProblem } from '../../client/client.js'

/** Asks for the API key, once: it is kept for this tab and goes when the tab is closed. */
export function KeyForm({ refused, give }: { refused: ApiProblem | null; give: (key: string) => void }) {
  const [key, setKey] = useState('')
  return (
    <form
      class="card key-form"
      onSubmit={(event) => {
        event.preventDefault()
        if (key.trim() !== '') give(key.trim())
      }}
    >
      <h1>This server wants a key</h1>
      <p>
        Whoever runs it can make one for you. It is kept for this tab only, and forgotten when you close it.
      </p>
      {refused !== null && (
        <p class="problem" role="alert">
          That key does not work: {refused.message}.
        </p>
      )}
      <label>
        API key
        <input
          type="password"
          name="key"
          autocomplete="off"
          spellcheck={false}
          required
          value={key}
          onInput={(event) => {
            setKey(event.currentTarget.value)
          }}
        />
      </label>
      <button type="submit" class="primary">
        Open
      </button>
    </form>
  )
}
