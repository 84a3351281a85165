import { readApiDocument, type OperationDocument } from '../../src/server/contract/document.js'

type Reads = 'json' | 'events' | 'bytes' | 'nothing'

/** Where each operation of openapi.yaml is asked, and what it answers with, as a table that the client is made from. */
export function clientOperations(): string {
  const { resolved } = readApiDocument()
  const lines = Object.entries(resolved.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, operation]) => {
      if (typeof operation !== 'object' || !('operationId' in operation)) return []
      const entry = { method: method.toUpperCase(), path, reads: readsOf(operation) }
      return [`  ${operation.operationId}: ${JSON.stringify(entry)},`]
    }),
  )
  return `// Made from openapi.yaml by: npm run generate

export const operationTable = {
${lines.join('\n')}
} as const
`
}

/** Where an operation can answer in several ways, the client asks for JSON. */
function readsOf({ responses }: OperationDocument): Reads {
  const types = Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([, { content = {} }]) => Object.keys(content))
  if (types.length === 0) return 'nothing'
  if (types.includes('text/event-stream')) return 'events'
  if (types.includes('application/json')) return 'json'
  return 'bytes'
}
