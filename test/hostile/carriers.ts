import type { Draw } from './draw.js'
import { httpRequest, type Headers, type HostileRequest } from './hostile-request.js'
import type { Picture } from './pictures/sound-pictures.js'

/** Where hostile requests go, and with which key. */
export interface Target {
  readonly key: string
  /** A collection that exists, with pictures in it. */
  readonly collection: string
  /** Items of it. */
  readonly items: readonly string[]
}

const boundary = 'kindred-hostile'
export const multipartType: Headers = [['Content-Type', `multipart/form-data; boundary=${boundary}`]]
export const jsonType: Headers = [['Content-Type', 'application/json']]

/** A part of a multipart body, with a file's name or without. */
export const part = (name: string, content: Buffer | string, filename?: string): Buffer =>
  Buffer.concat([
    Buffer.from(
      `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${filename === undefined ? '' : `; filename="${filename}"`}\r\n\r\n`,
    ),
    Buffer.from(content),
    Buffer.from('\r\n'),
  ])
export const lastBoundary = Buffer.from(`--${boundary}--\r\n`)

/** Sends a picture to one of the operations that take one, in one of the ways that it can come. */
export function carryPicture(draw: Draw, { what, bytes }: Picture, target: Target): HostileRequest {
  const { key, collection } = target
  const base = `/v1/collections/${collection}`
  // Few ids: what is written over is written again.
  const item = `${base}/items/hostile-${draw.below(20)}`
  const form = (name: string, filename: string): Buffer =>
    Buffer.concat([part(name, bytes, filename), lastBoundary])
  const filename = draw.pick(['x.jpg', '', '../../etc/passwd', 'x\0.png', 'ü'.repeat(300), 'x.exe'])
  const base64 = bytes.toString('base64')
  switch (draw.below(7)) {
    case 0:
      return httpRequest(`search for ${what}`, {
        method: 'POST',
        path: `${base}/search`,
        key,
        headers: multipartType,
        body: form('image', filename),
      })
    case 1:
      return httpRequest(`search for ${what} in base64`, {
        method: 'POST',
        path: `${base}/search`,
        key,
        headers: jsonType,
        body: JSON.stringify({ base64 }),
      })
    case 2:
      return httpRequest(`embed ${what}`, {
        method: 'POST',
        path: '/v1/embed',
        key,
        headers: multipartType,
        body: Buffer.concat([part('image', bytes, filename), form('image', filename)]),
      })
    case 3:
      return httpRequest(`embed ${what} in base64`, {
        method: 'POST',
        path: '/v1/embed',
        key,
        headers: jsonType,
        body: JSON.stringify({ base64: [base64] }),
      })
    case 4:
      return httpRequest(`put ${what}`, {
        method: 'PUT',
        path: item,
        key,
        headers: multipartType,
        body: form('image', filename),
      })
    case 5:
      return httpRequest(`search for several like ${what}`, {
        method: 'POST',
        path: `${base}/search`,
        key,
        headers: jsonType,
        body: JSON.stringify({ positive: [{ base64 }, { itemId: draw.pick(target.items) }] }),
      })
    default:
      return httpRequest(`put ${what} in base64`, {
        method: 'PUT',
        path: item,
        key,
        headers: jsonType,
        body: JSON.stringify({ base64 }),
      })
  }
}
