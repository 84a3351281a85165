import type { ErrorObject } from 'ajv/dist/2020.js'
import { InvalidFieldError, unexpectedField } from '../invalid-field.js'
import type { Schema } from './document.js'

/**
 * Says in words what a JSON Schema validator found.
 *
 * @param errors what ajv left behind, with `verbose` on; the last is the outermost
 * @param whole what to call the validated value itself: `body`
 * @param bodyBeside whether the request has a body that a field may have been meant for
 */
export function fieldError(
  errors: readonly ErrorObject[],
  whole: string,
  bodyBeside = false,
): InvalidFieldError {
  const error = errors.at(-1)
  if (error === undefined) return new InvalidFieldError(whole, `The ${whole} is not as the contract says`)
  const path = error.instancePath
    .split('/')
    .slice(1)
    .map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'))
  const name = (...more: string[]) => [...path, ...more].join('.') || whole
  const schema: Schema = error.parentSchema ?? {}
  switch (error.keyword) {
    case 'required': {
      const field = name(String(error.params['missingProperty']))
      const missing = schema['properties'] as Readonly<Record<string, Schema>> | undefined
      const hint = hintOf(missing?.[String(error.params['missingProperty'])])
      return new InvalidFieldError(field, `The field ${field} is missing`, hint)
    }
    case 'additionalProperties': {
      const field = name(String(error.params['additionalProperty']))
      const known = Object.keys(schema['properties'] ?? {})
      const none = bodyBeside
        ? `The ${whole} has none: fields go into the body.`
        : 'There are no fields here.'
      const hint = known.length > 0 ? `Known fields: ${known.join(', ')}` : none
      return new InvalidFieldError(field, `The field ${field} is not known here`, { hint })
    }
    case 'propertyNames': {
      const field = name(String(error.params['propertyName']))
      return new InvalidFieldError(field, `${JSON.stringify(field)} cannot be the name of a field`)
    }
    case 'oneOf': {
      if (typeof error.data !== 'object' || error.data === null || Array.isArray(error.data)) break
      const choices = requiredBy(schema['oneOf'])
      return new InvalidFieldError(name(), `Expected exactly one of ${choices.join(', ')} in the ${name()}`, {
        hint: 'Send one of them and leave the others out.',
      })
    }
    case 'dependentRequired': {
      const { property, missingProperty } = error.params
      const field = name(String(property))
      return new InvalidFieldError(
        field,
        `The field ${field} needs ${name(String(missingProperty))} beside it`,
      )
    }
    case 'uniqueItems':
      return unexpectedField('a list without repetitions', name(), error.data)
  }
  return unexpectedField(describe(schema), name(), error.data, hintOf(schema))
}

/** What the contract says of a field, to whoever sent something else. */
function hintOf(schema: Schema | undefined): { hint?: string } {
  const said = schema?.['description']
  return typeof said === 'string' ? { hint: said.trim().replaceAll(/\s+/g, ' ') } : {}
}

const requiredBy = (branches: unknown): string[] =>
  (branches as readonly { readonly required?: readonly string[] }[]).flatMap(({ required }) => required ?? [])

const nouns: Readonly<Record<string, string>> = {
  integer: 'a whole number',
  number: 'a number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  null: 'null',
}

/** A schema in words: "a whole number from 1 to 1000". */
function describe(schema: Schema): string {
  const { type, minimum, maximum, minLength, maxLength, minItems, maxItems, pattern, description } = schema
  if (Array.isArray(schema['enum'])) return `one of ${schema['enum'].join(', ')}`
  const kind = [type].flat().map((one) => nouns[String(one)] ?? String(one))
  const noun = kind.length > 1 ? `${kind.slice(0, -1).join(', ')} or ${kind.at(-1) ?? ''}` : (kind[0] ?? '')
  const size = [
    range(minimum, maximum, ''),
    range(minLength, maxLength, ' characters'),
    range(minItems, maxItems, ' entries'),
  ].filter((part) => part !== '')
  const rule =
    typeof pattern === 'string' && typeof description === 'string' ? ` (${description.trim()})` : ''
  return [noun, ...size].join(' ') + rule
}

function range(low: unknown, high: unknown, unit: string): string {
  if (typeof low === 'number' && typeof high === 'number') {
    return low === high ? `of ${low}${unit}` : `from ${low} to ${high}${unit}`
  }
  if (typeof low === 'number') return `of at least ${low}${unit}`
  return typeof high === 'number' ? `of at most ${high}${unit}` : ''
}
