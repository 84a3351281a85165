import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { readLine, readMarkdown } from '../../src/web/format/markdown.js'

it('a card is read as headings, paragraphs, lists, tables and code', () => {
  const text = [
    '# A model',
    '',
    'It goes on',
    'here.',
    '- one',
    '  and more of it',
    '- two',
    '',
    '1. first',
    '',
    '| a | b |',
    '| - | - |',
    '| 1 | 2 |',
    '```sh',
    'run # me',
    '```',
    '',
    '    indented',
    '',
    '    code',
    '## End',
  ].join('\n')
  expect(readMarkdown(text)).toEqual([
    { kind: 'heading', level: 1, text: 'A model' },
    { kind: 'paragraph', text: 'It goes on here.' },
    { kind: 'list', items: ['one and more of it', 'two'] },
    { kind: 'list', items: ['first'] },
    { kind: 'table', head: ['a', 'b'], rows: [['1', '2']] },
    { kind: 'code', text: 'run # me' },
    { kind: 'code', text: 'indented\n\ncode' },
    { kind: 'heading', level: 2, text: 'End' },
  ])
})

it('a line has code, strong words and links, and only links to sites are links', () => {
  expect(
    readLine('Use `a*b`, **now**: [docs](https://x.example/a) or [file](LICENSE), <https://y.example>.'),
  ).toEqual([
    { kind: 'text', text: 'Use ' },
    { kind: 'code', text: 'a*b' },
    { kind: 'text', text: ', ' },
    { kind: 'strong', text: 'now' },
    { kind: 'text', text: ': ' },
    { kind: 'link', text: 'docs', href: 'https://x.example/a' },
    { kind: 'text', text: ' or ' },
    { kind: 'text', text: 'file' },
    { kind: 'text', text: ', ' },
    { kind: 'link', text: 'https://y.example', href: 'https://y.example' },
    { kind: 'text', text: '.' },
  ])
  expect(readLine('[x](javascript:alert(1))').some(({ kind }) => kind === 'link')).toBe(false)
})

it('whatever the text, reading it comes to an end', () => {
  for (const text of ['', '```', '|', '- ', '#', '    ', '#nothing', '|a', '*', '1.', '-x']) {
    expect(readMarkdown(text).length).toBeLessThan(3)
  }
})

it('the cards that ship are read whole', () => {
  for (const name of ['imagenet', 'products']) {
    const blocks = readMarkdown(readFileSync(`models/${name}/README.md`, 'utf8'))
    expect(blocks[0]).toMatchObject({ kind: 'heading', level: 1 })
    expect(blocks.length).toBeGreaterThan(5)
  }
})
