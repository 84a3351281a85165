/** What a server tells beside its API: pages that need not be open to everybody, so every answer may be missing. */
export interface ServerFacts {
  /** Version that the API's description names. */
  version(): Promise<string | null>
  /** GET /metrics in Prometheus' text format. */
  metrics(): Promise<string | null>
}

const patienceMs = 10_000

export function serverFacts(url: string, key: string | undefined): ServerFacts {
  const read = async (resource: string): Promise<string | null> => {
    try {
      const answer = await fetch(url.replace(/\/+$/, '') + resource, {
        headers: key === undefined ? {} : { authorization: `Bearer ${key}` },
        signal: AbortSignal.timeout(patienceMs),
      })
      return answer.ok ? await answer.text() : null
    } catch {
      // A benchmark does not fail because of what it would only have mentioned.
      return null
    }
  }
  return {
    async version() {
      try {
        const described = JSON.parse((await read('/docs/openapi.json')) ?? '{}') as {
          info?: { version?: string }
        }
        return described.info?.version ?? null
      } catch {
        return null
      }
    },
    metrics: () => read('/metrics'),
  }
}
