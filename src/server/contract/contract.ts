import type { IncomingHttpHeaders } from 'node:http'
import { Ajv2020, type Options, type ValidateFunction } from 'ajv/dist/2020.js'
import { readApiDocument, type OperationDocument, type Schema } from './document.js'
import { fieldError } from './field-errors.js'
import type { BodyOf, OperationId } from './operation-types.js'
import { readOperationAccess, type OperationAccess } from './operation-access.js'

/** Gives the value back, defaults filled in. @throws InvalidFieldError INVALID_REQUEST */
type Check = (value: unknown) => unknown

export interface BodyContract {
  readonly check: Check
  /** Fields of a multipart body that are taken as they are; the others are JSON. */
  readonly textFields: ReadonlySet<string>
  /** Fields of a multipart body that are lists: each value may come in a part of its own. */
  readonly listFields: ReadonlySet<string>
  /** The field of a multipart body that holds files, and how many. */
  readonly files: { readonly field: string; readonly max: number } | null
  /** Whether its file goes to disk, not to memory. */
  readonly spooled: boolean
}

/** One operation of openapi.yaml, ready to check what comes and goes. */
export interface Operation {
  readonly id: string
  /** Upper case. */
  readonly method: string
  /** With parameters in braces: `/v1/collections/{collection}`. */
  readonly path: string
  readonly access: OperationAccess
  /** Whether it may take longer than other answers: it reads or writes a large file. */
  readonly takesTime: boolean
  /** Whether the collection in its path has to be there: the body of a request that names another is not received. */
  readonly needsCollection: boolean
  readonly bodyRequired: boolean
  /** By media type; empty where the operation takes no body. */
  readonly bodies: ReadonlyMap<string, BodyContract>
  /** Media types of its success. */
  readonly answers: readonly string[]
  readonly checkPath: Check
  readonly checkQuery: Check
  /** Of a request's headers takes those that the contract names, by the names it gives them. */
  readonly checkHeaders: (headers: IncomingHttpHeaders) => Readonly<Record<string, string>>
  /** @throws Error where the answer is not what the contract promises: a mistake of ours */
  checkReply(status: number, body: unknown): void
}

export interface Contract {
  /** openapi.yaml as it is written. */
  readonly document: object
  readonly operations: readonly Operation[]
}

const common: Options = {
  strict: true,
  strictTypes: false,
  strictRequired: false,
  allowUnionTypes: true,
  useDefaults: true,
  // One error is enough for an answer; all of them, for a list of a million wrong values, are not.
  allErrors: false,
  verbose: true,
  formats: {
    binary: true,
    'date-time': (text: string) => /^\d{4}-\d\d-\d\dT[\d:.]+(Z|[+-]\d\d:\d\d)$/.test(text),
    'uri-reference': (text: string) => URL.canParse(text, 'http://localhost'),
  },
}

/** Reads openapi.yaml and makes its validators, which takes some tenths of a second. */
export function loadContract(): Contract {
  const { written, resolved } = readApiDocument()
  const bodies = new Ajv2020(common)
  // Paths and queries are text; `limit=5` is the number 5.
  const parameters = new Ajv2020({ ...common, coerceTypes: true })
  const operations = Object.entries(resolved.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, document]) =>
      toOperation({ path, method: method.toUpperCase(), document, bodies, parameters }),
    ),
  )
  return { document: written, operations }
}

/** Checks a JSON body of an operation that comes as a part of another's. @throws InvalidFieldError INVALID_REQUEST */
export function jsonCheckOf<Id extends OperationId>(
  { operations }: Contract,
  id: Id,
): (value: unknown) => BodyOf<Id> {
  const body = operations.find((operation) => operation.id === id)?.bodies.get('application/json')
  if (body === undefined) throw new Error(`openapi.yaml has no operation ${id} with a JSON body`)
  return (value) => body.check(value) as BodyOf<Id>
}

function toOperation(parts: {
  path: string
  method: string
  document: OperationDocument
  bodies: Ajv2020
  parameters: Ajv2020
}): Operation {
  const { path, method, document, bodies, parameters } = parts
  const content = Object.entries(document.requestBody?.content ?? {})
  const replies = new Map<string, ValidateFunction>()
  return {
    id: document.operationId,
    method,
    path,
    access: readOperationAccess(path, document),
    takesTime: document['x-takes-time'] === true,
    needsCollection: path.includes('{collection}') && document['x-collection'] !== 'may-be-missing',
    bodyRequired: document.requestBody?.required === true,
    bodies: new Map(
      content.map(([type, { schema, 'x-spool': spooled = false }]) => [
        type,
        toBody(schema, bodies, spooled),
      ]),
    ),
    answers: successTypes(document),
    checkPath: toCheck(parameterSchema(document, 'path'), parameters, 'path'),
    checkQuery: toCheck(parameterSchema(document, 'query'), parameters, 'query', content.length > 0),
    checkHeaders: toHeaderCheck(document, parameters),
    checkReply(status, body) {
      const key = String(status) in document.responses ? String(status) : 'default'
      const schema = Object.values(document.responses[key]?.content ?? {})[0]?.schema
      const validate = replies.get(key) ?? bodies.compile(schema ?? { not: {} })
      replies.set(key, validate)
      if (schema === undefined ? body === undefined : validate(body)) return
      const found = bodies.errorsText(validate.errors, { dataVar: 'answer' })
      throw new Error(`${document.operationId} answered ${status} against the contract: ${found}`)
    },
  }
}

const successTypes = ({ responses }: OperationDocument): string[] => {
  const answers = Object.entries(responses).filter(([status]) => status.startsWith('2'))
  return [...new Set(answers.flatMap(([, { content = {} }]) => Object.keys(content)))]
}

const parameterSchema = (
  { parameters = [] }: OperationDocument,
  place: 'path' | 'query' | 'header',
): Schema => {
  const here = parameters.filter((parameter) => parameter.in === place)
  return {
    type: 'object',
    additionalProperties: false,
    required: here.filter(({ required }) => required === true).map(({ name }) => name),
    properties: Object.fromEntries(
      here.map(({ name, description, schema }) => [name, { description, ...schema }]),
    ),
  }
}

function toHeaderCheck(document: OperationDocument, ajv: Ajv2020): Operation['checkHeaders'] {
  const names = (document.parameters ?? []).filter((parameter) => parameter.in === 'header')
  const check = toCheck(parameterSchema(document, 'header'), ajv, 'headers')
  return (headers) => {
    const given = names.flatMap(({ name }) => {
      const value = headers[name.toLowerCase()]
      return value === undefined ? [] : [[name, value]]
    })
    return check(Object.fromEntries(given)) as Record<string, string>
  }
}

/** @param bodyBeside whether there is a body that a field may have been meant for */
function toCheck(schema: Schema, ajv: Ajv2020, whole: string, bodyBeside = false): Check {
  const validate = ajv.compile(schema)
  return (value) => {
    if (!validate(value)) throw fieldError(validate.errors ?? [], whole, bodyBeside)
    return value
  }
}

function toBody(schema: Schema, ajv: Ajv2020, spooled: boolean): BodyContract {
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Schema>)
  const file = properties.find(([, property]) => isFile(property) || isFile(property['items']))
  const ofType = (wanted: string) =>
    new Set(properties.filter(([, { type }]) => [type].flat().includes(wanted)).map(([name]) => name))
  return {
    check: toCheck(schema, ajv, 'body'),
    textFields: ofType('string'),
    listFields: ofType('array'),
    spooled,
    files: file ? { field: file[0], max: isFile(file[1]) ? 1 : Number(file[1]['maxItems']) } : null,
  }
}

const isFile = (schema: unknown): boolean => (schema as Schema | undefined)?.['format'] === 'binary'
