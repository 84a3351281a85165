/** Where a value is not what it should be, such as `.queries[3].label`, empty for the value itself; null where it is. */
type Check = (value: unknown) => string | null

const when =
  (holds: (value: unknown) => boolean): Check =>
  (value) =>
    holds(value) ? null : ''

const text = when((value) => typeof value === 'string')
const number = when((value) => typeof value === 'number')
const object = when((value) => typeof value === 'object' && value !== null && !Array.isArray(value))

const nullOr =
  (check: Check): Check =>
  (value) =>
    value === null ? null : check(value)

const orAbsent =
  (check: Check): Check =>
  (value) =>
    value === undefined ? null : check(value)

const within = (entries: Iterable<readonly [place: string, value: unknown, check: Check]>): string | null => {
  for (const [place, value, check] of entries) {
    const fault = check(value)
    if (fault !== null) return place + fault
  }
  return null
}

const listOf =
  (check: Check): Check =>
  (value) =>
    Array.isArray(value) ? within(value.map((one, n) => [`[${n}]`, one, check])) : ''

const mapOf =
  (check: Check): Check =>
  (value) =>
    object(value) ??
    within(Object.entries(value as object).map(([key, one]) => [`[${JSON.stringify(key)}]`, one, check]))

const record =
  (checks: Readonly<Record<string, Check>>): Check =>
  (value) =>
    object(value) ??
    within(
      Object.entries(checks).map(([key, check]) => [
        `.${key}`,
        (value as Readonly<Record<string, unknown>>)[key],
        check,
      ]),
    )

/** What a comparison reads of a run; the rest may be as it likes. */
const run = record({
  client: record({ kindred: text, node: text, processor: text, cores: number }),
  server: record({ version: nullOr(text), host: orAbsent(nullOr(object)) }),
  collection: record({ model: nullOr(text), hnsw: object }),
  data: record({ queriesHash: text, galleryHash: nullOr(text) }),
  settings: record({ ef: nullOr(number) }),
  retrieval: nullOr(
    record({
      queries: listOf(
        record({
          id: text,
          label: nullOr(text),
          contentHash: nullOr(text),
          recall: mapOf(number),
          rPrecision: number,
          mapAtR: number,
        }),
      ),
    }),
  ),
  load: nullOr(
    record({ steps: listOf(record({ shape: object, latency: nullOr(record({ p99: number })) })) }),
  ),
  endedBy: orAbsent(nullOr(record({ reason: text }))),
})

/** Where a parsed file is no run that can be compared, such as `retrieval.queries[3].label`; null where it can. */
export const faultOfRun = (parsed: unknown): string | null => run(parsed)?.slice(1) ?? null
