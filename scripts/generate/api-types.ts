import openapiTypescript, { astToString } from 'openapi-typescript'

/** TypeScript types of everything that openapi.yaml describes. */
export async function apiTypes(): Promise<string> {
  const ast = await openapiTypescript(new URL('../../openapi.yaml', import.meta.url), {
    // What the server reads has its defaults filled in, and what it answers is never changed afterwards.
    defaultNonNullable: true,
    immutable: true,
    alphabetize: false,
  })
  return `// Made from openapi.yaml by: npm run generate\n\n${astToString(ast)}`
}
