import { describe, expect, it } from 'vitest'
import { ApiProblem } from '../../src/client/client.js'
import { errorRegistry } from '../../src/errors.js'
import { explain, wordsFor } from '../../src/web/api/explain.js'

const problem = (status: number, body: object, headers = {}) =>
  new ApiProblem(new Response(null, { status, headers }), JSON.stringify(body))

describe('an error in plain words', () => {
  it('says what to do about a file that is no picture, and not to try it again', () => {
    const explained = explain(
      problem(415, { code: 'IMAGE_UNSUPPORTED', detail: 'image is text', requestId: 'r1' }),
    )
    expect(explained).toEqual({
      title: 'This is not a picture I can read',
      advice: 'Use a JPEG, PNG, WebP, GIF, TIFF or AVIF file.',
      again: false,
      detail: 'image is text (request r1)',
    })
  })

  it('offers to try again where that may help', () => {
    for (const [status, code] of [
      [503, 'OVERLOADED'],
      [503, 'NOT_READY'],
      [503, 'SHUTTING_DOWN'],
      [429, 'RATE_LIMITED'],
      [500, 'INTERNAL'],
      [502, ''],
    ] as const) {
      expect(explain(problem(status, { code })).again, code).toBe(true)
    }
    expect(explain(new TypeError('Failed to fetch'))).toMatchObject({
      title: 'The server cannot be reached',
      again: true,
    })
    expect(explain(new DOMException('', 'TimeoutError')).title).toMatch(/in time/)
    expect(explain(problem(400, { code: 'INVALID_REQUEST' })).again).toBe(false)
  })

  it('has words for everything: no error is left without a next step', () => {
    for (const thrown of [
      ...Object.entries(errorRegistry).map(([code, { status }]) => problem(status, { code })),
      'odd',
    ]) {
      const { title, advice } = explain(thrown)
      expect(title).toMatch(/^[A-Z].*[^.]$/)
      expect(advice).toMatch(/^[A-Z].*\.$/)
    }
  })

  it('knows only codes that there are', () => {
    for (const code of Object.keys(wordsFor)) expect(errorRegistry).toHaveProperty(code)
  })
})
