import { errorRegistry, KindredError, type ErrorCode } from '../../errors.js'

/** An error on its way between threads; its class does not survive the journey. */
export interface ErrorMessage {
  readonly code: string
  readonly message: string
  readonly hint: string | undefined
}

export function toMessage({ code, message, hint }: KindredError): ErrorMessage {
  return { code, message, hint }
}

export function toError({ code, message, hint }: ErrorMessage): KindredError {
  const known = Object.hasOwn(errorRegistry, code) ? (code as ErrorCode) : 'INTERNAL'
  return new KindredError(known, message, hint === undefined ? {} : { hint })
}
