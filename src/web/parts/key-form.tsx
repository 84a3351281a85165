import { useState } from 'preact/hooks'
import { readApiKey } from '../../api-key-format.js'
import type { ApiProblem } from '../../client/client.js'

/** Asks for the API key, once: it is kept for this tab and goes when the tab is closed. */
export function KeyForm({ refused, give }: { refused: ApiProblem | null; give: (key: string) => void }) {
  const [key, setKey] = useState('')
  const [torn, setTorn] = useState(false)
  return (
    <form
      class="card key-form"
      onSubmit={(event) => {
        event.preventDefault()
        const given = key.trim()
        const whole = readApiKey(given) !== null
        setTorn(!whole)
        // The server would say so in words for programmers, and not every text can be sent as a key.
        if (whole) give(given)
      }}
    >
      <h1>This server wants a key</h1>
      <p>
        Whoever runs it can make one for you. It is kept for this tab only, and forgotten when you close it.
      </p>
      {torn ? (
        <p class="problem" role="alert">
          That is not a whole key. One begins with <code>kindred_</code> and has 64 characters: copy all of it
          and paste it here.
        </p>
      ) : (
        refused !== null && (
          <p class="problem" role="alert">
            That key does not work: {refused.message}.
          </p>
        )
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
