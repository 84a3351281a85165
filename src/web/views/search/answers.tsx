import { Problem } from '../../parts/problem.js'
import { counted } from '../../format/numbers.js'
import { AnswerCard } from './answer-card.js'
import { AnswerFacts } from './answer-facts.js'
import { GroupCard } from './group-card.js'
import { PhotoGone } from './search-request.js'
import type { Search } from './use-search.js'

/** What the search found, and how it went. */
export function Answers({ search, collection }: { search: Search; collection: string }) {
  const { pages, phase, error, cancel, retry, more } = search
  const waiting = phase !== 'idle' && phase !== 'stopped'
  const last = pages.at(-1)
  const results = pages.flatMap((page) => page.results)
  return (
    <section class="answers" aria-label="Answers" aria-busy={waiting}>
      <div role="status" class="search-state">
        {phase === 'busy' && <span class="said-only">Searching</span>}
        {phase === 'slow' && 'Still searching. The server takes its time.'}
        {phase === 'overloaded' && 'The server is very busy. Waiting for a place.'}
        {phase === 'stopped' && last === undefined && 'The search was stopped.'}
        {!waiting && error === null && last !== undefined && (
          <>
            <span class="said-only">{counted(results.length, 'answer')}. </span>
            <AnswerFacts answer={pages[0] ?? last} />
          </>
        )}
      </div>
      {(phase === 'slow' || phase === 'overloaded') && (
        <button type="button" onClick={cancel}>
          Stop
        </button>
      )}
      {phase === 'stopped' && last === undefined && (
        <button type="button" onClick={retry}>
          Search again
        </button>
      )}
      {error instanceof PhotoGone ? (
        <p class="problem" role="alert">
          The picture of this search was in another tab, or is too large to be kept while the page is loaded
          anew. Give it again.
        </p>
      ) : (
        <Problem error={error} retry={retry} />
      )}
      {error === null && (
        <>
          {last !== undefined && results.length === 0 && !waiting && (
            <p class="card empty">Nothing fits. Allow a lower score, or take filters away.</p>
          )}
          <ol class={`grid ${waiting ? 'waiting' : ''}`}>
            {results.map((result) =>
              'items' in result ? (
                <GroupCard key={result.id} result={result} collection={collection} />
              ) : (
                <AnswerCard key={result.id} result={result} collection={collection} />
              ),
            )}
          </ol>
          {last?.nextCursor != null && (
            <button type="button" class="more" aria-disabled={waiting} onClick={waiting ? undefined : more}>
              More answers
            </button>
          )}
        </>
      )}
    </section>
  )
}
