import { expected, KindredError, type ErrorCode } from '../errors.js'

/** A request that is wrong in one named place: a body field, a query parameter or a part of the path. */
export class InvalidFieldError extends KindredError {
  declare readonly field: string

  constructor(field: string, message: string, options: { cause?: unknown; hint?: string } = {}) {
    super('INVALID_REQUEST', message, { ...options, field })
  }
}

/** "Expected WHAT for FIELD but received VALUE of type TYPE" */
export function unexpectedField(
  what: string,
  field: string,
  received: unknown,
  options: { readonly hint?: string } = {},
): InvalidFieldError {
  return new InvalidFieldError(field, expected(what, field, received).message, options)
}

/** Does what works on a picture; what is wrong with that is wrong with a field of the request. */
export async function inField<T>(field: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (thrown) {
    if (!(thrown instanceof KindredError) || thrown.field !== undefined || !isAboutPicture(thrown.code))
      throw thrown
    const { code, message, hint } = thrown
    throw new KindredError(code, message, { cause: thrown, field, ...(hint !== undefined && { hint }) })
  }
}

const isAboutPicture = (code: ErrorCode): boolean => /^(IMAGE|FETCH|URL)_/.test(code)
