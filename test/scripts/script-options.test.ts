import { expect, it, vi } from 'vitest'
import {
  amount,
  flag,
  list,
  optionalText,
  optionalWhole,
  scriptOptions,
  text,
  whole,
} from '../../scripts/script-options.js'

const options = {
  count: whole(20, 'embeddings'),
  products: whole(60, 'drawn', 0),
  rows: optionalWhole('of them'),
  noise: amount(2, 'of a value'),
  model: text('BUNDLE', 'models/products', 'that embeds'),
  store: optionalText('FOLDER', 'of the demo'),
  sides: list('N', ['160', '96'], 'of thumbnails'),
  againstTorch: flag('time PyTorch, too'),
}

/** What the script gets, or how its process ends and what it says. */
function given(...args: string[]) {
  let said = ''
  const say = (written: unknown): boolean => ((said += String(written)), true)
  const spies = [
    vi.spyOn(process.stdout, 'write').mockImplementation(say),
    vi.spyOn(process.stderr, 'write').mockImplementation(say),
    vi.spyOn(process, 'exit').mockImplementation((code) => {
      throw new Error(`exit ${code ?? ''}`)
    }),
  ]
  try {
    return scriptOptions('bench:x', 'Times something.', options, args)
  } catch (ended) {
    return `${(ended as Error).message}: ${said}`
  } finally {
    for (const spy of spies) spy.mockRestore()
  }
}

it('gives every option its default, and what was given in its place', () => {
  const defaults = {
    ...{ count: 20, products: 60, rows: undefined, noise: 2, model: 'models/products' },
    ...{ store: undefined, sides: ['160', '96'], againstTorch: false },
  }
  expect(given()).toEqual(defaults)
  expect(given('--products', '0', '--rows', '7', '--noise=0.5', '--sides', '64', '--against-torch')).toEqual({
    ...defaults,
    ...{ products: 0, rows: 7, noise: 0.5, sides: ['64'], againstTorch: true },
  })
})

it.each([
  [['--cuont', '3'], "unknown option '--cuont'"],
  [['--count', '0'], 'expected a whole number from 1'],
  [['--count', '2.5'], 'expected a whole number from 1'],
  [['--rows', ''], 'expected a whole number from 1'],
  [['--noise', '-1'], 'expected a number from 0'],
  [['--model'], 'argument missing'],
  [['folder'], 'too many arguments'],
])('ends the process with code 2 at %j and says why', (args, reason) => {
  expect(given(...args)).toMatch(/^exit 2: /)
  expect(given(...args)).toContain(reason)
})

it('tells of itself with --help', () => {
  const help = given('--help')
  expect(help).toMatch(/^exit 0: Usage: npm run bench:x -- /)
  expect(help).toMatch(/--count <N> +embeddings \(default: 20\)/)
  expect(help).toMatch(/--against-torch +time PyTorch, too/)
})
