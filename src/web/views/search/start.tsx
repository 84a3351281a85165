import { FileButton } from '../../parts/file-button.js'
import { useSession } from '../../state/session.js'
import { UrlForm } from './url-form.js'

/** Where somebody comes with a picture: the first thing there is to see. */
export function Start(props: {
  onFiles: (files: File[]) => void
  onUrl: (url: string) => void
  over: boolean
}) {
  const { server } = useSession()
  return (
    <section class={`start ${props.over ? 'over' : ''}`} aria-label="Your picture">
      <svg class="start-sign" viewBox="0 0 96 72" aria-hidden="true">
        <rect x="6" y="16" width="84" height="50" rx="9" />
        <path d="M32 16l6-10h20l6 10" />
        <circle cx="48" cy="41" r="15" />
        <circle class="start-lens" cx="48" cy="41" r="6" />
      </svg>
      <p class="start-words">Drop a picture here, or paste one</p>
      <div class="buttons">
        <FileButton class="primary" accept="image/*" multiple onFiles={props.onFiles}>
          Choose a picture
        </FileButton>
        <FileButton class="camera" accept="image/*" camera onFiles={props.onFiles}>
          Take a photo
        </FileButton>
      </div>
      {server.fetchesUrls && <UrlForm onUrl={props.onUrl} />}
    </section>
  )
}
