import { createServer, type Server, type ServerResponse } from 'node:http'
import type * as promises from 'node:dns/promises'
import type { AddressInfo } from 'node:net'
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest'
import { createPictureFetcher, type PictureFetcher } from '../../../src/images/fetch/picture-fetcher.js'

const dns = vi.hoisted(() => ({ answers: new Map<string, string[]>(), asked: new Array<string>() }))
vi.mock('node:dns/promises', async (original) => {
  const real = await original<typeof promises>()
  return {
    ...real,
    lookup: (host: string, options: object) => {
      dns.asked.push(host)
      const address = dns.answers.get(host)?.shift()
      return address === undefined ? real.lookup(host, options) : Promise.resolve([{ address, family: 4 }])
    },
  }
})

const bytes = Buffer.from('bytes that only decoding will look at')
let respond: (path: string, res: ServerResponse) => void = () => undefined
let server: Server
let port: number
let asked: string[] = []
const open: PictureFetcher[] = []

beforeAll(async () => {
  server = createServer((req, res) => {
    asked.push(`${req.headers.host ?? ''}${req.url ?? ''}`)
    respond(req.url ?? '', res)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  port = (server.address() as AddressInfo).port
})
afterEach(async () => {
  asked = []
  dns.asked.length = 0
  dns.answers.clear()
  await Promise.all(open.splice(0).map((fetcher) => fetcher.close()))
})
afterAll(() => {
  server.closeAllConnections()
  server.close()
})

function fetcher(changes: Partial<Parameters<typeof createPictureFetcher>[0]> = {}): PictureFetcher {
  const made = createPictureFetcher({
    fetchFrom: '127.0.0.0/8',
    fetchPorts: String(port),
    fetchSeconds: 5,
    fetchRedirects: 3,
    maxImageBytes: 1000,
    ...changes,
  })
  open.push(made)
  return made
}
const at = (path: string, host = '127.0.0.1'): string => `http://${host}:${port}${path}`
const picture = (res: ServerResponse, headers: Record<string, string> = {}) => {
  res.writeHead(200, { 'content-type': 'image/jpeg', ...headers }).end(bytes)
}
const redirect = (res: ServerResponse, location: string) => {
  res.writeHead(302, { location }).end()
}

describe('a picture is fetched', () => {
  test('as it is, by number and by name', async () => {
    respond = (_path, res) => {
      picture(res)
    }
    expect(Buffer.from(await fetcher().fetch(at('/a.jpg')))).toEqual(bytes)
    expect(Buffer.from(await fetcher().fetch(at('/a.jpg', 'localhost')))).toEqual(bytes)
  })

  test('through redirects, relative ones too', async () => {
    respond = (path, res) => {
      if (path === '/a') redirect(res, '/b')
      else if (path === '/b') redirect(res, at('/c', 'localhost'))
      else picture(res)
    }
    expect(Buffer.from(await fetcher().fetch(at('/a')))).toEqual(bytes)
    expect(asked).toHaveLength(3)
  })

  test('where the server names no type, or that of any bytes', async () => {
    for (const type of [undefined, 'application/octet-stream', 'binary/octet-stream']) {
      respond = (_path, res) => {
        if (type !== undefined) res.setHeader('content-type', type)
        res.end(bytes)
      }
      expect(Buffer.from(await fetcher().fetch(at('/a')))).toEqual(bytes)
    }
  })
})

describe('nothing is asked', () => {
  test('of a name that leads to this machine, where only public addresses may be asked', async () => {
    const public_ = fetcher({ fetchFrom: 'public' })
    await expect(public_.fetch(at('/a', 'localhost'))).rejects.toMatchObject({ code: 'URL_NOT_FETCHED' })
    dns.answers.set('rebind.example', ['127.0.0.1'])
    await expect(public_.fetch(at('/a', 'rebind.example'))).rejects.toMatchObject({ code: 'URL_NOT_FETCHED' })
    expect(asked).toEqual([])
  })

  test('of a second answer of the DNS: a host is resolved once, and connected to there', async () => {
    respond = (_path, res) => {
      picture(res)
    }
    dns.answers.set('rebind.example', ['127.0.0.1', '127.0.0.2', '127.0.0.3'])
    await fetcher({ fetchFrom: '127.0.0.1/32' }).fetch(at('/a', 'rebind.example'))
    expect(dns.asked).toEqual(['rebind.example'])
  })

  test('of a place that a redirect leads to and that may not be asked', async () => {
    for (const location of [
      'http://169.254.169.254/latest/meta-data/',
      'http://[::1]/',
      `http://user:secret@127.0.0.1:${port}/b`,
      'http://127.0.0.1:1/b',
      'file:///etc/passwd',
    ]) {
      respond = (_path, res) => {
        redirect(res, location)
      }
      await expect(fetcher().fetch(at('/a'))).rejects.toMatchObject({ code: 'URL_NOT_FETCHED' })
    }
    expect(new Set(asked.map((one) => one.split('/')[1]))).toEqual(new Set(['a']))
  })
})

describe('a fetch fails', () => {
  test.each([
    [
      '404',
      (res: ServerResponse) => {
        res.writeHead(404).end()
      },
      'FETCH_FAILED',
    ],
    [
      '500',
      (res: ServerResponse) => {
        res.writeHead(500).end()
      },
      'FETCH_FAILED',
    ],
    [
      '206',
      (res: ServerResponse) => {
        res.writeHead(206, { 'content-type': 'image/png' }).end(bytes)
      },
      'FETCH_FAILED',
    ],
    [
      'a redirect to nowhere',
      (res: ServerResponse) => {
        res.writeHead(302).end()
      },
      'FETCH_FAILED',
    ],
    [
      'a page',
      (res: ServerResponse) => {
        picture(res, { 'content-type': 'text/html' })
      },
      'IMAGE_UNSUPPORTED',
    ],
    [
      'a packed body',
      (res: ServerResponse) => {
        picture(res, { 'content-encoding': 'gzip' })
      },
      'FETCH_FAILED',
    ],
    [
      'a connection that breaks',
      (res: ServerResponse) => {
        res.writeHead(200, { 'content-length': '500' }).write(bytes)
        setTimeout(() => res.destroy(), 20)
      },
      'FETCH_FAILED',
    ],
  ])('at %s', async (_what, answer, code) => {
    respond = (_path, res) => {
      answer(res)
    }
    await expect(fetcher().fetch(at('/a?token=secret'))).rejects.toMatchObject({ code })
    await expect(fetcher().fetch(at('/a?token=secret'))).rejects.not.toThrow(/secret/)
  })

  test('past the redirects allowed', async () => {
    respond = (path, res) => {
      redirect(res, `${path}x`)
    }
    await expect(fetcher({ fetchRedirects: 2 }).fetch(at('/a'))).rejects.toMatchObject({
      code: 'FETCH_FAILED',
    })
    expect(asked).toHaveLength(3)
  })

  test('past the size allowed, stated or not, before the rest is sent', async () => {
    let sent = 0
    respond = (path, res) => {
      res.writeHead(200, {
        'content-type': 'image/png',
        ...(path === '/stated' && { 'content-length': '1001' }),
      })
      const send = () => {
        sent += 100
        if (!res.destroyed && sent < 1e6) res.write(Buffer.alloc(100), () => setImmediate(send))
      }
      send()
    }
    for (const path of ['/stated', '/streamed']) {
      await expect(fetcher().fetch(at(path))).rejects.toMatchObject({ code: 'IMAGE_TOO_LARGE' })
    }
    expect(sent).toBeLessThan(1e6)
  })

  test('when a server is slow, at the beginning or in the middle', async () => {
    respond = (path, res) => {
      if (path === '/middle') res.writeHead(200, { 'content-type': 'image/png' }).write(bytes)
    }
    const impatient = fetcher({ fetchSeconds: 1 })
    const slow = ['/start', '/middle'].map((path) => impatient.fetch(at(path)))
    for (const one of slow) await expect(one).rejects.toMatchObject({ code: 'FETCH_TIMEOUT' })
  })

  test('with the reason of the caller who leaves', async () => {
    respond = () => undefined
    const left = new AbortController()
    const fetched = fetcher().fetch(at('/a'), left.signal)
    setTimeout(() => {
      left.abort(new Error('left'))
    }, 50)
    await expect(fetched).rejects.toThrow('left')
  })

  test('when the host is not there', async () => {
    await expect(
      fetcher({ fetchFrom: 'public', fetchPorts: '80' }).fetch('http://nowhere.invalid/a.jpg'),
    ).rejects.toMatchObject({ code: 'FETCH_FAILED' })
  })
})
