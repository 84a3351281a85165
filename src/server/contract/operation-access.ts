import { isScope, type Scope } from '../access/scope.js'
import type { OperationDocument } from './document.js'

/** Who may call an operation. */
export interface OperationAccess {
  /** null: everyone, also without a key. */
  readonly scope: Scope | null
  /**
   * Whether a key limited to collections may call it although its path names none: it is about no collection, or its handler asks
   * `call.access` about each. With a collection in the path that one is checked, and this says that it is enough.
   */
  readonly forLimitedKeys: boolean
}

/**
 * Reads who may call an operation: `security: [{ key: [SCOPE] }]`, or `security: []` for everyone; and `x-limited-keys`.
 *
 * @throws Error where the contract does not say so: a mistake of ours that must not become an open door
 */
export function readOperationAccess(path: string, document: OperationDocument): OperationAccess {
  const { operationId, security, 'x-limited-keys': limited } = document
  if (security === undefined) {
    throw new Error(
      `openapi.yaml does not say who may call ${operationId}: it needs security: [{ key: [search] }], or write, or admin`,
    )
  }
  const forLimitedKeys = limited ?? path.includes('{collection}')
  if (security.length === 0) return { scope: null, forLimitedKeys }
  const [scope, ...more] = security.flatMap((requirement) => requirement['key'] ?? [])
  if (security.length > 1 || more.length > 0 || !isScope(scope)) {
    throw new Error(`openapi.yaml gives ${operationId} other security than one scope of a key`)
  }
  return { scope, forLimitedKeys }
}
