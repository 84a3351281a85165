import type { Request, Response } from 'express'
import type { CollectionStore } from '../../collections/collection-store.js'
import type { OperationAccess } from '../contract/operation-access.js'
import { accessWith, type Access } from './access.js'
import { callerOf } from './caller.js'
import { stillCounts, type KnownKeys } from './identify.js'
import { outOfScope, unauthorized, wholeServer } from './refusal.js'
import { includesScope } from './scope.js'

/** Lets a request through to an operation, before anything of its body is read, or refuses it. */
export type Authorize = (operation: OperationAccess, req: Request, res: Response) => Promise<Access>

/** Makes the one check that every operation of the contract goes through. */
export function createAuthorize(store: Pick<CollectionStore, 'listAliases'>, keys: KnownKeys): Authorize {
  return async ({ scope, forLimitedKeys }, req, res) => {
    const caller = callerOf(req)
    if (scope === null) return accessWith(null, store, () => true)
    const holds = () => stillCounts(caller, keys)
    if (caller.kind === 'anyone') return accessWith(null, store, holds)
    if (caller.kind === 'stranger') throw unauthorized(res, caller)
    const { key } = caller
    if (!includesScope(key.scope, scope)) throw outOfScope(res, key, scope)
    if (key.collections !== null && !forLimitedKeys) throw wholeServer(key)
    const access = accessWith(key, store, holds)
    const { collection } = req.params
    if (typeof collection === 'string') await access.check(collection)
    return access
  }
}
