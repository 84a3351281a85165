import type { Request } from 'express'

/** How many bytes a request says that its body has; null where it comes in chunks, or there is none. */
export function declaredBytes({ headers }: Pick<Request, 'headers'>): number | null {
  const length = headers['content-length']
  return length === undefined ? null : Number(length)
}

/**
 * Resolves once more than `most` bytes of a body came in, and never otherwise. To be asked in the turn in which
 * reading begins: whoever listens makes the bytes flow.
 */
export function overflows(req: Request, most: number): Promise<void> {
  return new Promise((resolve) => {
    let bytes = 0
    const count = (chunk: Buffer): void => {
      bytes += chunk.length
      if (bytes <= most) return
      req.off('data', count)
      resolve()
    }
    req.on('data', count)
  })
}
