/** Means of what a server did between two readings of its /metrics, in milliseconds; null where it did none of it. */
export interface ServerTimes {
  readonly requests: number
  readonly request: number | null
  readonly decode: number | null
  readonly embed: number | null
  readonly search: number | null
}

/**
 * @param before /metrics in Prometheus' text format; null where it could not be read
 * @returns null where either could not be read, or is of something else
 */
export function serverTimes(before: string | null, after: string | null): ServerTimes | null {
  if (before === null || after === null) return null
  const [first, last] = [readSamples(before), readSamples(after)]
  const since = (sample: string): number => (last.get(sample) ?? 0) - (first.get(sample) ?? 0)
  const meanOf = (name: string, labels: string): number | null => {
    const count = since(`${name}_count{${labels}}`)
    return count > 0 ? (1000 * since(`${name}_sum{${labels}}`)) / count : null
  }
  const requests = 'operation="search"'
  if (!last.has(`kindred_request_seconds_count{${requests}}`)) return null
  return {
    requests: since(`kindred_request_seconds_count{${requests}}`),
    request: meanOf('kindred_request_seconds', requests),
    decode: meanOf('kindred_stage_seconds', 'stage="decode"'),
    embed: meanOf('kindred_stage_seconds', 'stage="embed"'),
    search: meanOf('kindred_stage_seconds', 'stage="search"'),
  }
}

/** Values by name and labels, as they are written: `name{label="value"} 1.5`. */
function readSamples(text: string): Map<string, number> {
  const samples = new Map<string, number>()
  for (const line of text.split('\n')) {
    const end = line.lastIndexOf(' ')
    if (end > 0 && !line.startsWith('#')) samples.set(line.slice(0, end), Number(line.slice(end + 1)))
  }
  return samples
}
