import { explain } from '../api/explain.js'

/** What went wrong, in plain words, and what to do next. Nothing where nothing did. */
export function Problem({ error, about, retry }: { error: unknown; about?: string; retry?: () => void }) {
  if (error === null || error === undefined) return null
  const { title, advice, again, detail } = explain(error)
  return (
    <div class="problem" role="alert">
      <p class="problem-title">
        {about !== undefined && `${about}: `}
        {title}.
      </p>
      <p>{advice}</p>
      {detail !== null && (
        <details>
          <summary>More about it</summary>
          <p class="said">{detail}</p>
        </details>
      )}
      {again && retry !== undefined && (
        <button type="button" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  )
}
