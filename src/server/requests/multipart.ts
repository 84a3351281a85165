import type { Options } from 'multer'
import { MulterError } from 'multer'
import { KindredError } from '../../errors.js'
import type { BodyContract } from '../contract/contract.js'
import { InvalidFieldError, unexpectedField } from '../invalid-field.js'

const maxFields = 32
const maxFieldBytes = 1024 * 1024

/** Every quantity of a multipart body, bounded. */
export const multipartLimits = (files: number, fileBytes: number): NonNullable<Options['limits']> => ({
  fileSize: fileBytes,
  files,
  fields: maxFields,
  parts: maxFields + files,
  fieldNameSize: 100,
  fieldSize: maxFieldBytes,
  headerPairs: 32,
})

/** For the head of a part, boundary and all. */
const partHeadBytes = 16 * 1024

/** Most bytes that a form with so many files may have, as it comes over the wire. */
export const formBytes = (files: number, fileBytes: number): number =>
  files * (fileBytes + partHeadBytes) + maxFields * (maxFieldBytes + partHeadBytes)

/** The fields of a multipart body as the contract describes them; in the place of its files stands empty text. */
export function multipartBody(given: unknown, contract: BodyContract, files: readonly string[]): object {
  const { field = '', max = 0 } = contract.files ?? {}
  const fields = Object.entries((given ?? {}) as Record<string, unknown>)
  return {
    ...(Object.fromEntries(fields.map(([name, value]) => [name, fromText(name, value, contract)])) as object),
    ...(files.length > 0 && { [field]: max === 1 ? '' : files }),
  }
}

/** A field that is not text is its JSON. */
function fromText(name: string, value: unknown, { textFields, listFields, files }: BodyContract): unknown {
  if (name === files?.field) {
    throw unexpectedField('a file', name, value, { hint: `Attach it as a file; with curl: -F ${name}=@FILE` })
  }
  if (listFields.has(name)) return listFromText(name, value)
  if (typeof value !== 'string') {
    throw unexpectedField('one value', name, value, { hint: 'Send each field once.' })
  }
  return textFields.has(name) ? value : fromJson(value)
}

/** All of a list in one part, or each of its values in one (OpenAPI 3.1, Encoding Object). */
function listFromText(name: string, value: unknown): unknown {
  if (typeof value === 'string') {
    const whole = fromJson(value)
    return Array.isArray(whole) ? whole : [whole]
  }
  if (!Array.isArray(value)) {
    throw unexpectedField('a list', name, value, { hint: `Its JSON, or each value in a part named ${name}.` })
  }
  return value.map((one) => (typeof one === 'string' ? fromJson(one) : one) as unknown)
}

/** What is not JSON stays text, and the contract says what was expected. */
function fromJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    return text
  }
}

/** Whatever a multipart parser complains about is the request's fault. */
export function multipartError(
  thrown: unknown,
  { field, max, tooLarge }: { field: string; max: number; tooLarge: (cause?: Error) => KindredError },
): KindredError {
  if (thrown instanceof KindredError) return thrown
  const cause = thrown
  if (!(thrown instanceof MulterError)) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown)
    return new InvalidFieldError('body', `The multipart body cannot be read: ${detail}`, {
      cause,
      hint: 'Let the HTTP client make the form, boundary and Content-Type included.',
    })
  }
  const files = max === 1 ? 'one file' : `at most ${max} files`
  const tooMany = new InvalidFieldError(field, `Expected ${files} in ${field} but received more`, {
    cause,
    hint: 'Send the others in requests of their own.',
  })
  const name = thrown.field ?? 'body'
  switch (thrown.code) {
    case 'LIMIT_FILE_SIZE':
      return tooLarge(thrown)
    case 'LIMIT_FILE_COUNT':
      return tooMany
    case 'LIMIT_UNEXPECTED_FILE':
      return name === field
        ? tooMany
        : new InvalidFieldError(name, `The field ${name} takes no file`, {
            cause,
            hint: `Send the file in a part named ${field}.`,
          })
    case 'LIMIT_FIELD_VALUE':
      return new KindredError('PAYLOAD_TOO_LARGE', `The field ${name} has more than ${maxFieldBytes} bytes`, {
        cause,
        field: name,
        hint: 'Send less in it, or the request as JSON.',
      })
    case 'LIMIT_FIELD_COUNT':
    case 'LIMIT_FIELD_KEY':
    case 'LIMIT_PART_COUNT':
    case 'MISSING_FIELD_NAME':
      return new InvalidFieldError(name, `The multipart body cannot be read: ${thrown.message}`, { cause })
  }
}
