import { useState } from 'preact/hooks'

/** Takes the address of a picture, where the server fetches pictures. */
export function UrlForm({ onUrl }: { onUrl: (url: string) => void }) {
  const [url, setUrl] = useState('')
  return (
    <form
      class="url-form"
      onSubmit={(event) => {
        event.preventDefault()
        onUrl(url)
      }}
    >
      <label class="field">
        Or the address of a picture
        <input
          type="url"
          placeholder="https://"
          required
          value={url}
          onInput={(event) => {
            setUrl(event.currentTarget.value)
          }}
        />
      </label>
      <button type="submit">Search</button>
    </form>
  )
}
