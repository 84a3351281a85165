import { InvalidArgumentError } from 'commander'
import { toKindredError, type KindredError } from '../errors.js'

/** Exit codes of every command: 0 only on success. */
export const exitCode = { failure: 1, usage: 2, interrupted: 130 } as const

/** Tells a person what went wrong and what to do next, on standard error; as JSON where `--json` was asked for. */
export function reportFailure(thrown: unknown, json: boolean): number {
  const error = toKindredError(thrown)
  if (json) {
    const { code, message, hint } = error
    process.stdout.write(
      `${JSON.stringify({ error: { code, message, ...(hint !== undefined && { hint }) } })}\n`,
    )
  } else {
    process.stderr.write(`error: ${error.message}${error.hint === undefined ? '' : `\n  ${error.hint}`}\n`)
    if (error.code === 'INTERNAL' && error.cause instanceof Error)
      process.stderr.write(`${error.cause.stack ?? ''}\n`)
  }
  if (error.code === 'INTERRUPTED') return exitCode.interrupted
  return isUsage(error) ? exitCode.usage : exitCode.failure
}

const isUsage = (error: KindredError): boolean =>
  error.code === 'INVALID_ARGUMENT' || error.code === 'INVALID_SETTING' || error.code === 'INVALID_FILTER'

/** Reads an option as a whole number within a range; commander turns the error into a usage message. */
export const wholeNumber =
  (low: number, high = Number.MAX_SAFE_INTEGER) =>
  (text: string): number => {
    const value = Number(text)
    if (text.trim() === '' || !Number.isInteger(value) || value < low || value > high) {
      throw new InvalidArgumentError(`expected a whole number from ${low} to ${high}`)
    }
    return value
  }

/** Reads an option as a number within a range, both ends included. */
export const numberWithin =
  (low: number, high: number) =>
  (text: string): number => {
    const value = Number(text)
    if (text.trim() === '' || !Number.isFinite(value) || value < low || value > high) {
      throw new InvalidArgumentError(`expected a number from ${low} to ${high}`)
    }
    return value
  }

/** For options that may be given several times. */
export const collect = (text: string, previous: readonly string[] = []): string[] => [...previous, text]
