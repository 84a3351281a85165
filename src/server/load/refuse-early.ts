import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { Operation } from '../contract/contract.js'
import type { Layer } from '../requests/layer.js'
import { noteOperation } from '../requests/operation-of.js'
import type { SendProblem } from '../requests/problem.js'
import { pathOf } from '../requests/request-context.js'
import type { PictureQueue } from './picture-queue.js'

/**
 * Refuses uploads of a picture while the line of pictures is full, before the app, which knows keys and rate limits, looks at
 * them: at ten times the capacity nine of ten are refused, and what that costs is taken from those who are served. Through
 * all of Express it takes twice the time of the server's thread (`npm run bench:overload`).
 *
 * @param layers what every answer passes: its id, log line, counters, headers
 */
export function refuseEarly(
  app: RequestListener,
  parts: {
    readonly queue: Pick<PictureQueue, 'refusal'>
    readonly operations: readonly Operation[]
    readonly layers: readonly Layer[]
    readonly lifecycle: { readonly stopping: boolean }
    readonly sendProblem: SendProblem
  },
): RequestListener {
  const { queue, layers, lifecycle, sendProblem } = parts
  const uploads = parts.operations
    .filter(takesPicture)
    .map((operation) => ({ operation, path: patternOf(operation) }))
  return (req, res) => {
    const refusal = bringsForm(req) && !lifecycle.stopping ? queue.refusal() : undefined
    const upload =
      refusal &&
      uploads.find(({ operation, path }) => operation.method === req.method && path.test(pathOf(req)))
    if (upload === undefined) {
      app(req, res)
      return
    }
    noteOperation(req, upload.operation)
    pass(layers, req, res, () => {
      sendProblem(refusal, req, res)
    })
  }
}

const takesPicture = ({ bodies }: Operation): boolean =>
  bodies.get('multipart/form-data')?.files?.field === 'image'

const bringsForm = ({ headers }: IncomingMessage): boolean =>
  headers['content-type']?.toLowerCase().startsWith('multipart/form-data') === true

/** `/v1/collections/{collection}/search` -> a pattern in which any part stands for the one in braces. */
const patternOf = ({ path }: Operation): RegExp => new RegExp(`^${path.replaceAll(/\{\w+\}/g, '[^/]+')}$`)

function pass(
  layers: readonly Layer[],
  req: IncomingMessage,
  res: ServerResponse,
  end: () => void,
  at = 0,
): void {
  const layer = layers[at]
  if (layer === undefined) end()
  else
    layer(req, res, () => {
      pass(layers, req, res, end, at + 1)
    })
}
