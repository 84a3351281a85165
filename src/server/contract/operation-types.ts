import type { components, operations } from '../api-types.generated.js'

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

/** The JSON body, defaults filled in. Multipart fields arrive in the same shape, and the files beside it. */
export type BodyOf<Id extends OperationId> =
  NonNullable<operations[Id]['requestBody' & keyof operations[Id]]> extends {
    readonly content: { readonly 'application/json': infer Body }
  }
    ? Body
    : undefined

type Responses<Id extends OperationId> = operations[Id]['responses']

/** What a handler answers: one of the contract's success responses. Failures are thrown. */
export type ReplyOf<Id extends OperationId> = {
  [Status in keyof Responses<Id> & number]: Responses<Id>[Status] extends {
    readonly content: { readonly 'application/json': infer Body }
  }
    ? { readonly status: Status; readonly body: Body }
    : { readonly status: Status }
}[keyof Responses<Id> & number]

export interface Call<Id extends OperationId> {
  readonly path: PathOf<Id>
  readonly query: QueryOf<Id>
  readonly body: BodyOf<Id>
  /** The files of a multipart body, in order. */
  readonly files: readonly Uint8Array[]
  /** Aborted when the client leaves before it has its answer, or has waited for it as long as it may. */
  readonly signal: AbortSignal
  /** performance.now() when the request's head had arrived. */
  readonly startedAt: number
}

export type Handler<Id extends OperationId> = (call: Call<Id>) => Promise<ReplyOf<Id>>

/** One handler for each operation of the contract. */
export type Handlers = { readonly [Id in OperationId]: Handler<Id> }
