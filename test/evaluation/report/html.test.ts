import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { html, trusted } from '../../../src/evaluation/report/html.js'

describe('markup', () => {
  it('escapes values, keeps markup, joins lists and leaves nothing out as nothing', () => {
    const items = ['<b>', 'a & b'].map((text) => html`<li title="${text}">${text}</li>`)
    expect(
      html`<ul>
        ${items}
      </ul>`.markup.replaceAll(/\s+(?=<)|(?<=>)\s+/g, ''),
    ).toBe('<ul><li title="&lt;b&gt;">&lt;b&gt;</li><li title="a &amp; b">a &amp; b</li></ul>')
    expect(html`${false}${null}${undefined}${3}${[1, 'x']}`.markup).toBe('31x')
    expect(html`${trusted('a > b {}')}`.markup).toBe('a > b {}')
  })

  it('lets no value open a tag or leave an attribute', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (value) => {
        expect(html`${value}`.markup).not.toMatch(/[<>"']/)
      }),
    )
  })
})
