import { createHash, randomBytes } from 'node:crypto'
import { mkdir, open, rename, rm, stat, type FileHandle } from 'node:fs/promises'
import path from 'node:path'
import { digestFile } from '../../bundles/file-digest.js'
import { expected, KindredError, toKindredError } from '../../errors.js'

export interface FetchOptions {
  /** Folder that keeps what was fetched. */
  readonly folder: string
  /** Largest file accepted. */
  readonly maxBytes: number
  /** How long the server may be silent. */
  readonly timeoutSeconds: number
  /** Throws for a file that is not what was wanted, which is then not kept. */
  readonly check?: (file: string) => Promise<void>
  /** @param total undefined where the server does not say */
  readonly onProgress?: ((received: number, total: number | undefined) => void) | undefined
  readonly signal?: AbortSignal | undefined
}

/** What `#sha256=` is followed by. */
const checksumPattern = /^#sha256=([0-9a-f]{64})$/i

export const isUrl = (text: string): boolean => /^https?:\/\//i.test(text)

/**
 * Fetches a file by HTTP(S), once: later calls take what the folder keeps under its address. It appears there whole or
 * not at all. With `#sha256=HEX` at the end of the address its content is checked, also when it was kept.
 *
 * @returns the file's path
 * @throws KindredError DOWNLOAD_FAILED where the server cannot be reached, refuses, falls silent or has another content
 * (which is not kept); INVALID_ARGUMENT for an address that cannot be read; what `check` throws; the signal's reason
 */
export async function fetchFile(address: string, options: FetchOptions): Promise<string> {
  const { url, checksum } = parseAddress(address)
  const file = path.join(options.folder, nameOf(url))
  if (await isKept(file, checksum)) return file
  await mkdir(options.folder, { recursive: true })
  const temporary = path.join(options.folder, `.${path.basename(file)}.${randomBytes(6).toString('hex')}`)
  try {
    const found = await download(url, temporary, options)
    if (checksum !== undefined && found !== checksum) {
      throw failed(url, `has SHA-256 ${found} instead of ${checksum}; it was not kept`)
    }
    await options.check?.(temporary)
    await rename(temporary, file)
    return file
  } finally {
    await rm(temporary, { force: true })
  }
}

function parseAddress(address: string): { url: URL; checksum: string | undefined } {
  const url = URL.parse(address)
  if (url === null || !isUrl(address)) throw expected('an http(s) address', 'the download', address)
  const { hash } = url
  const checksum = checksumPattern.exec(hash)?.[1]?.toLowerCase()
  if (hash !== '' && checksum === undefined) {
    throw expected('nothing or #sha256= and 64 hex digits', 'the end of the address', hash)
  }
  url.hash = ''
  return { url, checksum }
}

/** Readable, and a name of its own for each address. */
function nameOf(url: URL): string {
  const digest = createHash('sha256').update(url.href).digest('hex').slice(0, 16)
  return `${digest}-${fileNameOf(url.href)}`
}

/** Last part of an address's path, with only what every file system takes. */
export function fileNameOf(address: string): string {
  const last = URL.parse(address)?.pathname.split('/').at(-1) ?? ''
  return last.replaceAll(/[^A-Za-z0-9._-]/g, '_').slice(-100) || 'download'
}

async function isKept(file: string, checksum: string | undefined): Promise<boolean> {
  const there = await stat(file).then(
    (found) => found.isFile(),
    () => false,
  )
  return there && (checksum === undefined || (await digestFile(file)).sha256 === checksum)
}

/** @returns SHA-256 of what was written */
async function download(url: URL, file: string, options: FetchOptions): Promise<string> {
  const { timeoutSeconds, signal } = options
  const silence = new AbortController()
  const wait = (): NodeJS.Timeout =>
    setTimeout(() => {
      silence.abort(new Error(`no data for ${timeoutSeconds} s`))
    }, 1000 * timeoutSeconds)
  let timer = wait()
  const heard = (): void => {
    clearTimeout(timer)
    timer = wait()
  }
  let handle: FileHandle | undefined
  try {
    const stop = signal === undefined ? silence.signal : AbortSignal.any([silence.signal, signal])
    const response = await fetch(url, { signal: stop })
    heard()
    const { body, bytes } = checkResponse(url, response, options.maxBytes)
    handle = await open(file, 'wx')
    const digest = await receive(body, handle, (received) => {
      heard()
      if (received > options.maxBytes) throw tooLarge(url, 'goes on', options.maxBytes)
      options.onProgress?.(received, bytes)
    })
    await handle.sync()
    return digest
  } catch (thrown) {
    signal?.throwIfAborted()
    if (thrown instanceof KindredError) throw thrown
    // fetch says no more than "fetch failed"; what happened is the cause.
    const reason = thrown instanceof Error && thrown.cause instanceof Error ? thrown.cause : thrown
    throw failed(url, `could not be fetched: ${toKindredError(reason).message}`, thrown)
  } finally {
    clearTimeout(timer)
    // Ends the connection where the body was not read to its end.
    silence.abort()
    await handle?.close()
  }
}

type Body = NonNullable<Response['body']>

/** @returns the body, and its length where the server states that of what `fetch` gives */
function checkResponse(
  url: URL,
  { ok, status, headers, body }: Response,
  maxBytes: number,
): { body: Body; bytes: number | undefined } {
  if (!ok || body === null) throw failed(url, `was answered with HTTP status ${status}`)
  const length = headers.get('content-length')
  if (length === null || headers.has('content-encoding')) return { body, bytes: undefined }
  if (Number(length) > maxBytes) throw tooLarge(url, `has ${length} bytes`, maxBytes)
  return { body, bytes: Number(length) }
}

async function receive(
  body: Body,
  handle: FileHandle,
  onReceived: (received: number) => void,
): Promise<string> {
  const hash = createHash('sha256')
  let received = 0
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    received += chunk.byteLength
    onReceived(received)
    hash.update(chunk)
    await handle.writeFile(chunk)
  }
  return hash.digest('hex')
}

const tooLarge = (url: URL, what: string, maxBytes: number): KindredError =>
  failed(url, `${what}, past the limit of ${maxBytes} bytes`)

/** Without query and credentials, which may be secret. */
const failed = (url: URL, what: string, cause?: unknown): KindredError =>
  new KindredError('DOWNLOAD_FAILED', `${url.origin}${url.pathname} ${what}`, { cause })
