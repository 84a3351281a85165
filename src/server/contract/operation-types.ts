import type { Access } from '../access/access.js'
import type { Readable } from 'node:stream'
import type { components, operations } from '../api-types.generated.js'
import type { Upload } from '../requests/upload-spool.js'

export type OperationId = keyof operations

/** A schema of the contract by its name. */
export type Api<Name extends keyof components['schemas']> = components['schemas'][Name]

type Parameters<Id extends OperationId> = operations[Id]['parameters']
type Given<T> = [T] extends [undefined] ? Readonly<Record<string, never>> : NonNullable<T>

export type PathOf<Id extends OperationId> = Given<Parameters<Id>['path']>

/** `limit` has a default in the contract, so that it is always there. */
export type QueryOf<Id extends OperationId> =
  Given<Parameters<Id>['query']> extends infer Query
    ? Query extends { readonly limit?: number }
      ? Omit<Query, 'limit'> & { readonly limit: number }
      : Query
    : never

/** Headers that the contract names. */
export type HeadersOf<Id extends OperationId> = Given<Parameters<Id>['header']>

/** The JSON body, defaults filled in. Multipart fields arrive in the same shape, and the files beside it. */
export type BodyOf<Id extends OperationId> =
  NonNullable<operations[Id]['requestBody' & keyof operations[Id]]> extends {
    readonly content: { readonly 'application/json': infer Body }
  }
    ? Body
    : undefined

type Responses<Id extends OperationId> = operations[Id]['responses']

/** An answer that is not JSON, sent as it comes. */
export interface StreamReply<Status, Type> {
  readonly status: Status
  readonly type: Type
  readonly stream: Readable
  readonly headers?: ReplyHeaders
}

export type ReplyHeaders = Readonly<Record<string, string>>

type ReplyWith<Status, Content> =
  | (Content extends { readonly 'application/json': infer Body }
      ? { readonly status: Status; readonly body: Body; readonly headers?: ReplyHeaders }
      : never)
  | ([Exclude<keyof Content, 'application/json'>] extends [never]
      ? never
      : StreamReply<Status, Exclude<keyof Content, 'application/json'>>)

/** What a handler answers: one of the contract's success responses. Failures are thrown. */
export type ReplyOf<Id extends OperationId> = {
  [Status in keyof Responses<Id> & number]: Responses<Id>[Status] extends { readonly content: infer Content }
    ? ReplyWith<Status, Content>
    : { readonly status: Status }
}[keyof Responses<Id> & number]

export interface Call<Id extends OperationId> {
  readonly path: PathOf<Id>
  readonly query: QueryOf<Id>
  readonly headers: HeadersOf<Id>
  readonly body: BodyOf<Id>
  /** The files of a multipart body, in order. */
  readonly files: readonly Uint8Array[]
  readonly access: Access
  /** The file of a multipart body that goes to disk. It is removed where the handler fails; else it is the handler's. */
  readonly upload: Upload | null
  /** Reads a body that is neither JSON nor multipart, once. */
  readonly content: () => Readable
  /** Of the media types that the operation answers with, the one that the client likes best. */
  readonly accept: string
  /** Aborted when the client leaves before it has its answer, or has waited for it as long as it may. */
  readonly signal: AbortSignal
  /** performance.now() when the request's head had arrived. */
  readonly startedAt: number
  /** A failure of a part of the request, told as that of the whole would be. */
  readonly toProblem: (thrown: unknown) => Api<'Problem'>
}

export type Handler<Id extends OperationId> = (call: Call<Id>) => Promise<ReplyOf<Id>>

/** One handler for each operation of the contract. */
export type Handlers = { readonly [Id in OperationId]: Handler<Id> }
