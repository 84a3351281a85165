/** How often a request is sent that the server is too busy for. */
const attempts = 3
/** Who is told to wait longer than this is told so at once. */
const patienceSeconds = 5

/** Somebody who wants to know that the page waits, and for how many seconds. */
export type Waiting = (seconds: number) => void
const listeners = new Set<Waiting>()

/** @returns ends it */
export function onWaiting(listener: Waiting): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** Refusals before anything was done, so that asking again does nothing twice. */
const refusals: readonly unknown[] = ['OVERLOADED', 'RATE_LIMITED', 'EMBEDDER_BUSY']

async function isRefused(response: Response): Promise<boolean> {
  if (response.status !== 503 && response.status !== 429) return false
  const problem = (await response
    .clone()
    .json()
    .catch(() => null)) as { readonly code?: unknown } | null
  return refusals.includes(problem?.code)
}

/** `fetch` that does as an overloaded server says: it waits for as long as Retry-After tells, and asks again. */
export const patientFetch: typeof fetch = async (input, init) => {
  for (let attempt = 1; ; attempt++) {
    const response = await fetch(input, init)
    const seconds = Number(response.headers.get('retry-after') ?? NaN)
    if (attempt === attempts || !(seconds <= patienceSeconds) || !(await isRefused(response))) return response
    for (const listener of listeners) listener(seconds)
    await response.body?.cancel()
    await pause(Math.max(seconds, 0.5) * 1000, init?.signal)
  }
}

/** @throws the signal's reason */
const pause = (ms: number, signal?: AbortSignal | null): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, ms)
    signal?.addEventListener('abort', () => {
      clearTimeout(timer)
      reject(signal.reason as Error)
    })
  })
