import type { operations } from './api-types.generated.js'
import type { ServerEvent } from './read-events.js'

export type OperationId = keyof operations

type Parameters<Id extends OperationId> = operations[Id]['parameters']

/** Nothing, where the contract has nothing. */
type Part<Name extends string, T> = [T] extends [undefined]
  ? unknown
  : undefined extends T
    ? { readonly [Key in Name]?: T }
    : // What has no required field may be left out as a whole.
      Partial<T> extends T
      ? { readonly [Key in Name]?: T }
      : { readonly [Key in Name]: T }

type Contents<T> = T extends { readonly content: infer Content } ? Content[keyof Content] : undefined

type Body<Id extends OperationId> = operations[Id] extends { readonly requestBody: infer Required }
  ? Contents<Required>
  : operations[Id] extends { readonly requestBody?: infer Optional }
    ? Contents<NonNullable<Optional>> | undefined
    : undefined

/** What an operation is called with. */
export type Call<Id extends OperationId> = Part<'path', Parameters<Id>['path']> &
  Part<'query', Parameters<Id>['query']> &
  Part<'headers', Parameters<Id>['header']> &
  Part<'body', Body<Id>> & {
    /** Is given the headers of the answer before it is read: its ETag, say. */
    readonly onHeaders?: (headers: Headers) => void
    /** Gives the request up, and with it whatever the server does for it. */
    readonly signal?: AbortSignal
  }

/** What is not modified (304) is no answer. */
type Answered<Responses> = Exclude<keyof Responses & number, 304>

type Answers<Responses> = {
  [Status in Answered<Responses>]: Responses[Status] extends { readonly content: infer Content }
    ? Content extends { readonly 'application/json': infer Json }
      ? Json
      : Content extends { readonly 'text/event-stream': unknown }
        ? AsyncIterable<ServerEvent>
        : Response
    : undefined
}[Answered<Responses>]

/** What an operation answers with when all is well. Any other answer is thrown as an `ApiProblem`, also 304. */
export type Answer<Id extends OperationId> = Answers<operations[Id]['responses']>

/** One function for each operation of the contract, by its id. */
export type Client = {
  readonly [Id in OperationId]: Partial<Call<Id>> extends Call<Id>
    ? (call?: Call<Id>) => Promise<Answer<Id>>
    : (call: Call<Id>) => Promise<Answer<Id>>
}
