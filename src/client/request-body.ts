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

/** What is neither file nor text is its JSON. */
function toForm(fields: object): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields) as [string, unknown][]) {
    if (value === undefined) continue
    if (holdsFiles(value)) {
      for (const file of [value].flat() as Blob[]) form.append(name, file)
    } else form.append(name, typeof value === 'string' ? value : JSON.stringify(value))
  }
  return form
}

const holdsFiles = (value: unknown): boolean =>
  value instanceof Blob || (Array.isArray(value) && value.some((one) => one instanceof Blob))
