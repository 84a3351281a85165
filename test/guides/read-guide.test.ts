import { describe, expect, it } from 'vitest'
import { missingLine, readGuide } from './read-guide.js'

const page = (...lines: string[]) => lines.join('\n')

describe('the examples of a guide', () => {
  it('are its blocks of sh and js, each with the text block right below it', () => {
    const examples = readGuide(
      page(
        '# A',
        '```sh',
        'one',
        'two',
        '```',
        '',
        '```text',
        'out',
        '```',
        'words',
        '```js',
        'three',
        '```',
      ),
    )
    expect(examples).toEqual([
      { line: 2, language: 'sh', code: 'one\ntwo', prints: ['out'] },
      { line: 11, language: 'js', code: 'three', prints: [] },
    ])
  })

  it('may follow each other', () => {
    expect(readGuide(page('```sh', 'a', '```', '', '```sh', 'b', '```')).map(({ code }) => code)).toEqual([
      'a',
      'b',
    ])
  })

  it.each([
    ['of another language', page('```python', 'x', '```')],
    ['of output after words', page('```sh', 'x', '```', 'words', '```text', 'y', '```')],
    ['of output twice', page('```sh', 'x', '```', '```text', 'y', '```', '```text', 'z', '```')],
    ['without an end', page('```sh', 'x')],
  ])('leave no block %s that would never run', (_, markdown) => {
    expect(() => readGuide(markdown)).toThrow(/^line \d+: /)
  })
})

describe('what a guide shows as output', () => {
  it.each<[string, string[], string, string | null]>([
    ['is there', ['b'], 'a\nb\nc', null],
    ['is not there', ['b'], 'a\nbb', 'b'],
    ['has other numbers', ['0.9  12 items'], '0.123  7 items', null],
    ['has a number where there is none', ['7 items'], 'some items', '7 items'],
    ['leaves text out', ['{…"x":1,…}'], '{"a":2,"x":3,"y":4}', null],
    ['leaves text out that does not fit', ['a…b'], 'a c', 'a…b'],
    ['comes in another order', ['b', 'a'], 'a\nb', 'a'],
    ['is overlapped by what is left out', ['ab…bc'], 'abc', 'ab…bc'],
  ])('%s', (_, prints, output, missing) => {
    expect(missingLine(prints, output)).toBe(missing)
  })
})
