export interface RequestBody {
  readonly body?: FormData | Blob | string
  /** Content type, where the platform does not set it itself. */
  readonly type?: string
}

/** A file is sent as it is, a body with files in it as a form, any other as JSON. */
export function toBody(body: unknown): RequestBody {
  if (body === undefined) return {}
  if (body instanceof Blob) return { body, type: body.type || 'application/octet-stream' }
  if (typeof body === 'object' && body !== null && Object.values(body).some(holdsFiles)) {
    return { body: toForm(body) }
  }
  return { body: JSON.stringify(body), type: 'application/json' }
}

/** What is neither file nor text is its JSON; what is null, as a group may be, is left out: in a form it would be the text. */
function toForm(fields: object): FormData {
  const form = new FormData()
  const given = (Object.entries(fields) as [string, unknown][]).filter(([, value]) => !isNothing(value))
  for (const [name, value] of given) {
    if (holdsFiles(value)) {
      for (const file of [value].flat() as Blob[]) form.append(name, file)
    } else form.append(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return form
}

const isNothing = (value: unknown): boolean => value === undefined || value === null

const holdsFiles = (value: unknown): boolean =>
  value instanceof Blob || (Array.isArray(value) && value.some((one) => one instanceof Blob))
