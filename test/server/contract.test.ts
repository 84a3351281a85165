import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { loadContract, type Operation } from '../../src/server/contract/contract.js'

const { operations, document } = loadContract()
const operation = (id: string): Operation => {
  const found = operations.find((one) => one.id === id)
  if (found === undefined) throw new Error(`no operation ${id}`)
  return found
}
const jsonBody = (id: string, body: unknown) => operation(id).bodies.get('application/json')?.check(body)

describe('openapi.yaml', () => {
  it('makes the types that are checked in', async () => {
    const root = path.resolve(import.meta.dirname, '../..')
    const script = path.join(root, 'scripts/generate.ts')
    await promisify(execFile)(process.execPath, ['--import', 'tsx', script, '--check'], { cwd: root })
  })

  it('gives every operation a name of its own, a summary, a tag and a problem', () => {
    const all = Object.values(
      (document as { paths: Record<string, Record<string, Record<string, unknown>>> }).paths,
    )
    const described = all.flatMap((methods) => Object.values(methods))
    expect(new Set(described.map(({ operationId }) => operationId)).size).toBe(operations.length)
    for (const { summary, tags, responses } of described) {
      expect(summary).toEqual(expect.any(String))
      expect(tags).toHaveLength(1)
      expect(responses).toMatchObject({ default: { $ref: '#/components/responses/Problem' } })
    }
  })

  it('has request examples that it accepts itself', () => {
    for (const { id, bodies } of operations) {
      const { paths } = document as { paths: Record<string, Record<string, ExampleOperation>> }
      const written = Object.values(paths)
        .flatMap((methods) => Object.values(methods))
        .find((one) => one.operationId === id)
      for (const [type, { examples = {} }] of Object.entries(written?.requestBody?.content ?? {})) {
        for (const { value } of Object.values(examples)) bodies.get(type)?.check(structuredClone(value))
      }
    }
  })
})

interface ExampleOperation {
  operationId: string
  requestBody?: { content: Record<string, { examples?: Record<string, { value: unknown }> }> }
}

describe('what the contract says of a request', () => {
  it('fills in defaults', () => {
    expect(jsonBody('search', { itemId: 'a' })).toEqual({
      itemId: 'a',
      k: 10,
      exact: false,
      groupSize: 3,
      include: ['metadata'],
    })
    expect(operation('listItems').checkQuery({ limit: '7' })).toEqual({ limit: 7 })
    expect(operation('listItems').checkQuery({})).toEqual({ limit: 100 })
  })

  it.each([
    [
      'search',
      { k: 1 },
      'body',
      'Expected exactly one of base64, url, itemId, embedding, positive in the body',
    ],
    [
      'search',
      { itemId: 'a', k: 'ten' },
      'k',
      'Expected a whole number from 1 to 100000 for k but received "ten" of type string',
    ],
    [
      'search',
      { itemId: 'a', minScore: 2 },
      'minScore',
      'Expected a number from -1 to 1 for minScore but received 2 of type number',
    ],
    [
      'search',
      { itemId: 'a', crop: [0, 0] },
      'crop',
      'Expected a list of 4 entries for crop but received [0,0] of type array',
    ],
    [
      'search',
      { itemId: 'a', include: ['metadata', 'metadata'] },
      'include',
      'Expected a list without repetitions',
    ],
    [
      'search',
      { itemId: 'a', include: ['x'] },
      'include.0',
      'Expected one of metadata, embedding, thumbnail for include.0 but received "x"',
    ],
    [
      'search',
      { itemId: 'a', negative: [{ itemId: 'b' }] },
      'negative',
      'The field negative needs positive beside it',
    ],
    [
      'search',
      { positive: [{ itemId: 'a' }, { itemId: 'b', embedding: [1] }] },
      'positive.1',
      'Expected exactly one of base64, url, itemId, embedding in the positive.1',
    ],
    ['search', { itemId: 'a', '~a/b': 1 }, '~a/b', 'The field ~a/b is not known here'],
    ['deleteItems', {}, 'body', 'Expected exactly one of ids, filter in the body'],
    ['patchItem', { metadata: { '': 1 } }, 'metadata.', 'cannot be the name of a field'],
    ['putItem', { base64: '!' }, 'base64', 'RFC 4648'],
    ['putItem', 'text', 'body', 'Expected an object for body but received "text" of type string'],
  ])('%s of %j: %s', (id, body, field, message) => {
    expect(() => jsonBody(id, body)).toThrow(
      expect.objectContaining({
        code: 'INVALID_REQUEST',
        field,
        message: expect.stringContaining(message) as string,
      }),
    )
  })

  it('stops at the first of a million wrong values, and shows only the beginning of a long one', () => {
    const started = performance.now()
    const embedding = Array.from({ length: 8192 }, () => 'x')
    expect(() => jsonBody('putItem', { embedding })).toThrow(/embedding\.0/)
    expect(() => jsonBody('putItem', { base64: '!'.repeat(10_000_000) })).toThrow(/^.{0,400}$/s)
    expect(performance.now() - started).toBeLessThan(1000)
  })
})

describe('what the contract says of an answer', () => {
  it('finds a field that is missing, one too many, and a status without a body', () => {
    const live = operation('getLiveness')
    live.checkReply(200, { status: 'live' })
    expect(() => {
      live.checkReply(200, {})
    }).toThrow('against the contract')
    expect(() => {
      live.checkReply(200, { status: 'live', since: 1 })
    }).toThrow('against the contract')
    operation('deleteItem').checkReply(204, undefined)
    expect(() => {
      operation('deleteItem').checkReply(204, {})
    }).toThrow('against the contract')
  })
})
