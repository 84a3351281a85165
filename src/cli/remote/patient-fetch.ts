import { setTimeout as sleep } from 'node:timers/promises'

/** How often, and how long at most each time, a request waits because the server limits how many there may be. */
const limitWaits = { most: 5, seconds: 120 }

/** The platform's fetch, which asks again where the server says (429) when it can. The body has to be one that can be sent twice. */
export async function patientFetch(...request: Parameters<typeof fetch>): Promise<Response> {
  for (let waits = 0; ; waits++) {
    const response = await fetch(...request)
    if (response.status !== 429 || waits === limitWaits.most) return response
    const seconds = Number(response.headers.get('retry-after') ?? 1)
    if (!(seconds <= limitWaits.seconds)) return response
    await response.body?.cancel()
    await sleep(seconds * 1000, undefined, { signal: request[1]?.signal ?? undefined })
  }
}
