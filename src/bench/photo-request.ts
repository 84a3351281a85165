import { request, type Agent } from 'node:http'
import { KindredError } from '../errors.js'

/** A search by picture, ready to be sent: what can be made beforehand is, so that only the server is timed. */
export interface PhotoRequest {
  readonly body: Buffer
  readonly headers: Readonly<Record<string, string>>
}

/** `multipart/form-data` (RFC 7578) with the picture and `k`. */
export async function makePhotoRequest(photo: Uint8Array<ArrayBuffer>, k: number): Promise<PhotoRequest> {
  const form = new FormData()
  form.set('image', new Blob([photo]), 'photo')
  form.set('k', String(k))
  const encoded = new Response(form)
  const body = Buffer.from(await encoded.arrayBuffer())
  return {
    body,
    headers: {
      'content-type': encoded.headers.get('content-type') ?? '',
      'content-length': String(body.length),
    },
  }
}

/**
 * @returns milliseconds from before the request is written to when its answer has come whole
 * @throws KindredError INVALID_REQUEST with the server's answer where it is not 200
 */
export async function timeAnswer(
  url: string,
  { body, headers }: PhotoRequest,
  agent: Agent,
): Promise<number> {
  const started = performance.now()
  const { status, text } = await post(url, body, headers, agent)
  const elapsed = performance.now() - started
  if (status !== 200) throw new KindredError('INVALID_REQUEST', `${url} answered ${status}: ${text}`)
  return elapsed
}

const post = (
  url: string,
  body: Buffer,
  headers: Readonly<Record<string, string>>,
  agent: Agent,
): Promise<{ status: number; text: string }> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', headers, agent }, (answer) => {
      const parts: Buffer[] = []
      answer.on('data', (part: Buffer) => parts.push(part))
      answer.once('error', reject)
      answer.once('end', () => {
        resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString() })
      })
    })
    sent.once('error', reject)
    sent.end(body)
  })
