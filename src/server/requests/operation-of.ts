import type { Operation } from '../contract/contract.js'

const operations = new WeakMap<object, Operation>()

/** Notes which operation of the contract a request turned out to be. */
export function noteOperation(req: object, operation: Operation): void {
  operations.set(req, operation)
}

export const operationOf = (req: object): Operation | undefined => operations.get(req)
