import { Router, type Request, type Response } from 'express'
import { KindredError } from '../errors.js'
import type { Authorize } from './access/authorize.js'
import { keyIdOf } from './access/caller.js'
import type { Operation } from './contract/contract.js'
import type { Handlers } from './contract/operation-types.js'
import type { IdempotentWrites } from './idempotency/idempotent-writes.js'
import { idempotencyKey, keyedRequest } from './idempotency/request-fingerprint.js'
import { answerInTime } from './load/answer-in-time.js'
import { noteOperation } from './requests/operation-of.js'
import type { CheckNamed } from './requests/check-named.js'
import { createBodyReader, type BodyLimits } from './requests/read-body.js'
import { tellProblem } from './requests/problem.js'
import { limitedContent, type ContentLimits } from './requests/limited-content.js'
import { contextOf } from './requests/request-context.js'
import { sendReply, type AnyReply } from './requests/send-reply.js'
import { removeUpload } from './requests/upload-spool.js'

/** A handler when its operation is known only at run time; the contract has checked what it is given. */
type AnyHandler = (call: unknown) => Promise<AnyReply>

interface MountOptions {
  readonly limits: BodyLimits & ContentLimits
  /** For the handler, from when the body has been read. */
  readonly answerSeconds: number
  readonly authorize: Authorize
  readonly writes: IdempotentWrites
  readonly checkNamed: CheckNamed
  /** Whether answers are held against the contract, too. */
  readonly checkReplies: boolean
}

/**
 * Makes a route for every operation of the contract: checks who asks, path, query and body, calls the handler, sends what
 * it answers. A path that is asked with a method it does not have answers 405 with Allow.
 */
export function mountOperations(
  operations: readonly Operation[],
  handlers: Handlers,
  options: MountOptions,
): Router {
  // Strict: clients resolve `items/..` to the collection's own path with a slash behind it, which must not be the collection.
  const router = Router({ caseSensitive: true, strict: true })
  const byId: Readonly<Record<string, unknown>> = handlers
  for (const operation of operations) {
    const handler = byId[operation.id] as AnyHandler | undefined
    if (handler === undefined)
      throw new Error(`openapi.yaml has an operation ${operation.id} without a handler`)
    const readBody = createBodyReader(operation, options.limits)
    router.route(toRoute(operation.path))[verb(operation)](async (req: Request, res: Response) => {
      noteOperation(req, operation)
      const context = contextOf(req)
      const { startedAt, signal } = context
      const toProblem = (thrown: unknown) => tellProblem(thrown, context)
      const access = await options.authorize(operation.access, req, res)
      const accept = acceptable(req, operation)
      const path = operation.checkPath({ ...req.params })
      const query = operation.checkQuery({ ...req.query })
      const headers = operation.checkHeaders(req.headers)
      const caller = keyIdOf(req) ?? ''
      await options.checkNamed(operation, req, () => options.writes.knows(caller, idempotencyKey(headers)))
      const { body, files, upload } = await readBody(req, res)
      const content = () => limitedContent(req, res, options.limits)
      const received = { path, query, headers, body, files, upload }
      const given = { ...received, content, access, accept, signal, startedAt, toProblem }
      /** The upload, until a handler that did not fail has it. */
      const spooled = new Set(upload === null ? [] : [upload.file])
      const work = async () => {
        const done = await handler(given)
        spooled.clear()
        return done
      }
      let reply: AnyReply
      try {
        const keyed = await keyedRequest(caller, { operation: operation.id, ...received })
        const answer = keyed === null ? work : () => options.writes.run(keyed, work)
        reply = operation.takesTime
          ? await answer()
          : await answerInTime(context, options.answerSeconds, answer)
      } finally {
        for (const file of spooled) await removeUpload(file)
      }
      if (options.checkReplies && !('stream' in reply)) operation.checkReply(reply.status, reply.body)
      await sendReply(req, res, reply)
    })
  }
  refuseOtherMethods(router, operations)
  return router
}

/** @throws KindredError NOT_ACCEPTABLE where the client wants something else */
function acceptable(req: Request, { answers }: Operation): string {
  // What is deleted has no answer to choose.
  if (answers.length === 0) return ''
  const chosen = req.accepts([...answers])
  if (chosen !== false) return chosen
  throw new KindredError('NOT_ACCEPTABLE', `There is an answer in ${answers.join(', ')}`)
}

/** `/v1/models/{model}` -> `/v1/models/:model`, which is decoded once, after it was split at its slashes. */
const toRoute = (path: string): string => path.replaceAll(/\{(\w+)\}/g, ':$1')

const verbs = ['get', 'put', 'post', 'patch', 'delete'] as const

function verb({ id, method }: Operation): (typeof verbs)[number] {
  const found = verbs.find((name) => name.toUpperCase() === method)
  if (found === undefined) throw new Error(`openapi.yaml gives ${id} the unknown method ${method}`)
  return found
}

/** Several paths can fit one URL (an item may be called `delete`), so their methods are gathered first. */
function refuseOtherMethods(router: Router, operations: readonly Operation[]): void {
  const allowed = new WeakMap<Request, string[]>()
  for (const { path, method } of operations) {
    router.all(toRoute(path), (req, _res, next) => {
      const methods = method === 'GET' ? ['GET', 'HEAD'] : [method]
      allowed.set(req, [...(allowed.get(req) ?? []), ...methods])
      next()
    })
  }
  router.use((req, res, next) => {
    const methods = allowed.get(req)
    if (methods === undefined) {
      next()
      return
    }
    res.setHeader('Allow', [...new Set([...methods, 'OPTIONS'])].join(', '))
    if (req.method === 'OPTIONS') {
      res.status(204).end()
      return
    }
    throw new KindredError('METHOD_NOT_ALLOWED', `${req.method} is not one of ${methods.join(', ')}`)
  })
}
