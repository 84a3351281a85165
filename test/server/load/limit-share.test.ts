import { expect, it } from 'vitest'
import { loadConfig } from '../../../src/config.js'
import { addressOf } from '../../../src/server/access/client-address.js'
import { limitShare } from '../../../src/server/load/limit-share.js'

/** @returns ends the request */
const ask = (take: ReturnType<typeof limitShare>, ip: string, key?: string): (() => void) =>
  take({ key, address: addressOf({ ip }) })
const overloaded = expect.objectContaining({ code: 'OVERLOADED' }) as Error

it('an address has its share and leaves the others theirs', () => {
  const take = limitShare(2)
  const [end] = [ask(take, '192.0.2.1'), ask(take, '192.0.2.1')]
  expect(() => ask(take, '192.0.2.1')).toThrow(overloaded)
  ask(take, '192.0.2.2')
  end()
  ask(take, '192.0.2.1')
  expect(() => ask(take, '192.0.2.1')).toThrow(overloaded)
})

it('one /56 of IPv6 is one address', () => {
  const take = limitShare(1)
  ask(take, '2001:db8::1')
  expect(() => ask(take, '2001:db8:0:1::2')).toThrow(overloaded)
  ask(take, '2001:db8:1::1')
})

it('a key counts for itself, wherever it comes from', () => {
  const take = limitShare(1)
  ask(take, '192.0.2.1', 'one')
  expect(() => ask(take, '192.0.2.2', 'one')).toThrow(overloaded)
  ask(take, '192.0.2.1', 'two')
  ask(take, '192.0.2.1')
})

it('0 is no limit', () => {
  const take = limitShare(0)
  for (let i = 0; i < 1000; i++) ask(take, '192.0.2.1')
})

it('by default one client cannot hold every place', () => {
  const { maxRequests, maxRequestsPerClient, bodyIdleSeconds, bodySeconds } = loadConfig({})
  expect(maxRequestsPerClient).toBeGreaterThan(0)
  expect(maxRequestsPerClient).toBeLessThanOrEqual(maxRequests / 4)
  expect(bodyIdleSeconds).toBeLessThanOrEqual(bodySeconds / 10)
})
