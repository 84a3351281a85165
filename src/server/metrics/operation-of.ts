const operations = new WeakMap<object, string>()

/** Notes which operation of the contract a request turned out to be. */
export function noteOperation(req: object, id: string): void {
  operations.set(req, id)
}

export const operationOf = (req: object): string | undefined => operations.get(req)
