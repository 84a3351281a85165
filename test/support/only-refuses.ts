import { KindredError, type ErrorCode } from '../../src/errors.js'

/** What a parser makes of hostile input; undefined where it refuses it with this code. Whatever else it throws is thrown on. */
export function unlessRefused<T>(code: ErrorCode, parse: () => T): T | undefined {
  try {
    return parse()
  } catch (thrown) {
    if (thrown instanceof KindredError && thrown.code === code) return undefined
    throw thrown
  }
}
