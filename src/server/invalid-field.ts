import { expected, KindredError } from '../errors.js'

/** A request that is wrong in one named place: a body field, a query parameter or a part of the path. */
export class InvalidFieldError extends KindredError {
  readonly field: string

  constructor(field: string, message: string, options: { cause?: unknown; hint?: string } = {}) {
    super('INVALID_REQUEST', message, options)
    this.field = field
  }
}

/** "Expected WHAT for FIELD but received VALUE of type TYPE"; long values are cut before they are printed. */
export function unexpectedField(what: string, field: string, received: unknown): InvalidFieldError {
  return new InvalidFieldError(field, expected(what, field, cutShort(received)).message)
}

const cutShort = (value: unknown): unknown =>
  typeof value === 'string' || Array.isArray(value)
    ? value.slice(0, 100)
    : typeof value === 'object' && value !== null
      ? 'an object'
      : value
