import { InvalidArgumentError } from 'commander'

type Param = number | string | boolean

/** Reads `margin=0.2,mining=semi-hard`: numbers, true and false as such, all else as text. */
export function parseParams(text: string): Record<string, Param> {
  return Object.fromEntries(
    splitPairs(text, /^([\w-]+)=(.+)$/, 'NAME=VALUE,NAME=VALUE').map(([, name = '', value = '']) => [
      name,
      toParam(value),
    ]),
  )
}

/** Reads `lsd.tau=2,ranking.r=0.3` into parameters by owner. */
export function parseOwnedParams(text: string): Record<string, Record<string, Param>> {
  const owners: Record<string, Record<string, Param>> = {}
  const pairs = splitPairs(
    text,
    /^([\w-]+)\.([\w-]+)=(.+)$/,
    'OWNER.NAME=VALUE, such as lsd.tau=2,ranking.r=0.3',
  )
  for (const [, owner = '', name = '', value = ''] of pairs) {
    owners[owner] = { ...owners[owner], [name]: toParam(value) }
  }
  return owners
}

function splitPairs(text: string, pattern: RegExp, shape: string): RegExpExecArray[] {
  return text.split(',').map((part) => {
    const match = pattern.exec(part.trim())
    if (match === null) throw new InvalidArgumentError(`expected ${shape}`)
    return match
  })
}

function toParam(text: string): Param {
  if (text === 'true' || text === 'false') return text === 'true'
  const value = Number(text)
  return Number.isNaN(value) ? text : value
}
