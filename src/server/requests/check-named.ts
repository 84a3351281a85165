import type { Request } from 'express'
import type { CollectionStore } from '../../collections/collection-store.js'
import type { Operation } from '../contract/contract.js'
import { hasBody } from '../load/limit-requests.js'
import type { ModelPool } from '../model-pool.js'

/** Whether what a request's address names is there. @throws KindredError COLLECTION_NOT_FOUND, MODEL_NOT_FOUND */
export type CheckNamed = (operation: Operation, req: Request, wasAsked: () => boolean) => Promise<void>

/**
 * Makes the check that comes before a body is received: nobody is to upload a catalogue to a collection that is not there.
 * What is asked without a body the handler answers as well.
 *
 * A request whose idempotency key is known (`wasAsked`) passes: its answer is that of the first, whatever has gone since.
 */
export function createCheckNamed(
  store: Pick<CollectionStore, 'nameOf'>,
  models: Pick<ModelPool, 'find'>,
): CheckNamed {
  return async (operation, req, wasAsked) => {
    if (operation.bodies.size === 0 || !hasBody(req)) return
    const { collection } = req.params
    const { model } = req.query
    try {
      if (operation.needsCollection && typeof collection === 'string') await store.nameOf(collection)
      if (typeof model === 'string') await models.find(model)
    } catch (thrown) {
      if (!wasAsked()) throw thrown
    }
  }
}
