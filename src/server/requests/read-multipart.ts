import type { Request, Response } from 'express'
import multer, { MulterError } from 'multer'
import { KindredError } from '../../errors.js'
import type { BodyContract } from '../contract/contract.js'
import { InvalidFieldError, unexpectedField } from '../invalid-field.js'
import type { RequestBody } from './read-body.js'
import { runMiddleware } from './run-middleware.js'

const maxFields = 32
const maxFieldBytes = 1024 * 1024

/**
 * Makes the function that reads a multipart body into memory, every quantity bounded, and checks it against the
 * contract: the file field stands in it as empty text, its bytes beside it.
 */
export function createMultipartReader(contract: BodyContract, limits: { readonly maxImageBytes: number }) {
  const { field, max } = contract.files ?? { field: '', max: 0 }
  const parse = multer({
    storage: multer.memoryStorage(),
    limits: {
      fileSize: limits.maxImageBytes,
      files: max,
      fields: maxFields,
      parts: maxFields + max,
      fieldNameSize: 100,
      fieldSize: maxFieldBytes,
      headerPairs: 32,
    },
  }).array(field, max)

  return async (req: Request, res: Response): Promise<RequestBody> => {
    try {
      await runMiddleware(parse, req, res)
    } catch (thrown) {
      throw multipartError(thrown, { field, max, maxImageBytes: limits.maxImageBytes })
    }
    const files = (req.files as Express.Multer.File[] | undefined) ?? []
    const given = Object.entries((req.body ?? {}) as Record<string, unknown>)
    const fields = given.map(([name, value]) => [name, fromText(name, value, contract)])
    const body = {
      ...(Object.fromEntries(fields) as object),
      ...(files.length > 0 && { [field]: max === 1 ? '' : files.map(() => '') }),
    }
    return { body: contract.check(body), files: files.map(({ buffer }) => buffer) }
  }
}

/** A field that is not text is its JSON. What is not JSON stays text, and the contract says what was expected. */
function fromText(name: string, value: unknown, { textFields, files }: BodyContract): unknown {
  if (name === files?.field) throw unexpectedField('a file', name, value)
  if (typeof value !== 'string') throw unexpectedField('one value', name, value)
  if (textFields.has(name)) return value
  try {
    return JSON.parse(value) as unknown
  } catch {
    return value
  }
}

/** Whatever a multipart parser complains about is the request's fault. */
function multipartError(
  thrown: unknown,
  { field, max, maxImageBytes }: { field: string; max: number; maxImageBytes: number },
): KindredError {
  const cause = thrown
  if (!(thrown instanceof MulterError)) {
    const detail = thrown instanceof Error ? thrown.message : String(thrown)
    return new InvalidFieldError('body', `The multipart body cannot be read: ${detail}`, { cause })
  }
  const files = max === 1 ? 'one file' : `at most ${max} files`
  const name = thrown.field ?? 'body'
  switch (thrown.code) {
    case 'LIMIT_FILE_SIZE':
      return new KindredError('IMAGE_TOO_LARGE', `The file in ${name} has more than ${maxImageBytes} bytes`, {
        cause,
      })
    case 'LIMIT_FILE_COUNT':
      return new InvalidFieldError(field, `Expected ${files} in ${field} but received more`, { cause })
    case 'LIMIT_UNEXPECTED_FILE':
      return name === field
        ? new InvalidFieldError(field, `Expected ${files} in ${field} but received more`, { cause })
        : new InvalidFieldError(name, `The field ${name} takes no file`, {
            cause,
            hint: `Send the picture in a part named ${field}.`,
          })
    case 'LIMIT_FIELD_VALUE':
      return new KindredError('PAYLOAD_TOO_LARGE', `The field ${name} has more than ${maxFieldBytes} bytes`, {
        cause,
      })
    case 'LIMIT_FIELD_COUNT':
    case 'LIMIT_FIELD_KEY':
    case 'LIMIT_PART_COUNT':
    case 'MISSING_FIELD_NAME':
      return new InvalidFieldError(name, `The multipart body cannot be read: ${thrown.message}`, { cause })
  }
}
