import { Router, type Request, type Response } from 'express'
import { builtPage, readPage, type PageFile } from '../page/page-files.js'

/** What a browser is shown where the program runs from its sources and the page was never made. */
const notBuilt = `<!doctype html>
<html lang="en"><meta charset="utf-8"><title>kindred</title>
<h1>The page is not built</h1>
<p>The server works, and its API is open to programs. To have the page, run <code>npm run build</code> and start the server again.</p>
</html>
`

/**
 * `/`: the page for people, and for programs that want JSON where to go on; `/assets/`: what the page is made of.
 *
 * @param options.page whether there is a page at all
 * @param options.folder where it was built
 * @param options.directions what programs are told
 */
export function pageRouter(options: {
  readonly page: boolean
  readonly folder?: string
  readonly directions: object
}): Router {
  const router = Router()
  const { page, folder = builtPage, directions } = options
  const files = page ? readPage(folder) : null
  router.get('/', (req, res) => {
    res.vary('Accept')
    const index = files?.get('index.html')
    // Whoever does not mind gets the page, where there is one.
    const preferred = req.accepts(index === undefined ? ['json', 'html'] : ['html', 'json'])
    if (!page || preferred === 'json') {
      res.json(directions)
      return
    }
    // It names its parts by their hashes: it must not outlive them in a cache.
    res.setHeader('Cache-Control', 'no-cache')
    if (index === undefined) res.status(404).type('html').send(notBuilt)
    else sendFile(req, res, index)
  })
  // Browsers ask for it whatever a page says; the page has its icon in itself.
  router.get('/favicon.ico', (_req, res) => {
    res.setHeader('Cache-Control', 'public, max-age=86400')
    res.status(204).end()
  })
  router.get('/assets/:name', (req, res, next) => {
    const file = files?.get(`assets/${req.params.name}`)
    if (file === undefined) {
      next()
      return
    }
    // Its name changes with its content.
    res.setHeader('Cache-Control', 'public, max-age=31536000, immutable')
    sendFile(req, res, file)
  })
  return router
}

function sendFile(req: Request, res: Response, { type, plain, gzipped }: PageFile): void {
  const packed = req.acceptsEncodings('gzip') === 'gzip'
  res.vary('Accept-Encoding')
  if (packed) res.setHeader('Content-Encoding', 'gzip')
  res.type(type).send(packed ? gzipped : plain)
}
