/** The body of an answer that says what went wrong (RFC 9457), as far as it is one. */
interface ProblemBody {
  readonly code?: unknown
  readonly title?: unknown
  readonly detail?: unknown
  readonly hint?: unknown
  readonly requestId?: unknown
}

/** What the server answered with instead of what was asked for. */
export class ApiProblem extends Error {
  /** HTTP status. */
  readonly status: number
  /** Stable, see the list of codes; empty where the answer came from something else, such as a proxy. */
  readonly code: string
  /** What can be done about it. */
  readonly hint: string | undefined
  /** The log of the server has it too. */
  readonly requestId: string | undefined
  /** Seconds after which it can be tried again, where the server says so. */
  readonly retryAfter: number | undefined

  constructor(response: Response, body: string) {
    const { code, title, detail, hint, requestId } = parse(body)
    super(textOf(detail) ?? textOf(title) ?? `The server answered with status ${response.status}`)
    this.name = 'ApiProblem'
    this.status = response.status
    this.code = textOf(code) ?? ''
    this.hint = textOf(hint)
    this.requestId = textOf(requestId) ?? response.headers.get('x-request-id') ?? undefined
    const seconds = Number(response.headers.get('retry-after') ?? NaN)
    this.retryAfter = Number.isFinite(seconds) ? seconds : undefined
  }
}

function parse(body: string): ProblemBody {
  try {
    const parsed = JSON.parse(body) as unknown
    return typeof parsed === 'object' && parsed !== null ? parsed : {}
  } catch {
    // Not a problem of the server's: a proxy's page, say. The status is all there is to tell.
    return {}
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
