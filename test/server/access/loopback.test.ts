import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { namesThisMachine, stayOnThisMachine } from '../../../src/server/access/loopback.js'

describe('a server without keys', () => {
  it.each(['127.0.0.1', '127.255.0.9', '127.1', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1', 'localhost'])(
    'may listen on %s',
    async (host) => {
      await expect(stayOnThisMachine(host)).resolves.toBeUndefined()
    },
  )

  it.each([
    '0.0.0.0',
    '0',
    '::',
    '',
    '10.0.0.1',
    '192.168.1.2',
    '::ffff:10.0.0.1',
    'fe80::1',
    '126.255.255.255',
  ])('may not listen on %j, and is told how to make a key', async (host) => {
    await expect(stayOnThisMachine(host)).rejects.toMatchObject({
      code: 'KEYS_NEEDED',
      hint: expect.stringContaining('kindred keys create') as string,
    })
  })

  it('says that a name leads nowhere', async () => {
    await expect(stayOnThisMachine('nowhere.invalid')).rejects.toMatchObject({ code: 'INVALID_SETTING' })
  })
})

describe('a Host header', () => {
  it.each(['localhost', 'LocalHost:8080', '127.0.0.1', '127.9.9.9:1', '[::1]:8080', '[::1]'])(
    'names this machine: %s',
    (host) => {
      expect(namesThisMachine(host)).toBe(true)
    },
  )

  it.each([
    '',
    'localhost.example',
    'example',
    '127.0.0.1.example:80',
    '10.0.0.1',
    '[::2]:80',
    'localhost:80:80',
    '127.0.0.1@x',
  ])('names another: %j', (host) => {
    expect(namesThisMachine(host)).toBe(false)
  })

  it('of an IPv4 address names this machine exactly where it begins with 127', () => {
    fc.assert(
      fc.property(fc.ipV4(), (address) => {
        expect(namesThisMachine(address)).toBe(address.startsWith('127.'))
      }),
    )
  })
})
