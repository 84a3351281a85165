import openapiTypescript, { astToString } from 'openapi-typescript'
import ts from 'typescript'

/** Types of requests and answers as a client sees them: what has a default may be left out, a file is a Blob. */
export async function clientTypes(): Promise<string> {
  const ast = await openapiTypescript(new URL('../../openapi.yaml', import.meta.url), {
    defaultNonNullable: false,
    immutable: true,
    alphabetize: false,
    transform: (schema) =>
      schema.format === 'binary' ? ts.factory.createTypeReferenceNode('Blob') : undefined,
  })
  return `// Made from openapi.yaml by: npm run generate\n\n${astToString(ast)}`
}
