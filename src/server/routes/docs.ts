import { Router } from 'express'
import swaggerUi from 'swagger-ui-express'
import { errorRegistry } from '../../errors.js'

/** /docs: the contract to read and try out, as JSON for tools, and what every error code means. */
export function docsRouter(document: object): Router {
  const router = Router()
  const errors = errorPage()
  router.get('/docs/openapi.json', (_req, res) => res.json(document))
  router.get('/docs/errors', (_req, res) => res.type('html').send(errors))
  // swagger-ui-express answers these with a 404 of its own, which is no problem+json.
  router.use('/docs', (req, _res, next) => {
    if (req.path.endsWith('/package.json')) next('router')
    else next()
  })
  router.use('/docs', swaggerUi.serve)
  router.get(
    '/docs/',
    swaggerUi.setup(document, {
      customSiteTitle: 'kindred API',
      swaggerOptions: { validatorUrl: null, displayRequestDuration: true },
    }),
  )
  return router
}

/** On a phone each error is a block of lines; colours are those of the system, dark ones too. */
const errorStyle = [
  ':root{color-scheme:light dark}body{font:16px/1.5 system-ui;margin:2rem}',
  'td,th{text-align:left;vertical-align:top;padding:.25rem 1rem .25rem 0}',
  ':target{background:Mark;color:MarkText}',
  '@media (max-width:60rem){body{margin:1rem}thead{display:none}table,tbody,tr,td{display:block}',
  'td{padding:0;overflow-wrap:anywhere}tr{padding:.5rem 0}}',
].join('')

function errorPage(): string {
  const rows = Object.entries(errorRegistry).map(([code, kind]) => {
    const hint = 'hint' in kind ? kind.hint : ''
    return `<tr id="${code}"><td><code>${code}</code><td>${kind.status}<td>${kind.title}<td>${hint}`
  })
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>kindred error codes</title>
<style>${errorStyle}</style>
<h1>Error codes</h1>
<p>Every error of <a href="/docs">the API</a> carries one of these as its <code>code</code>.</p>
<table><thead><tr><th>Code<th>Status<th>Title<th>Hint<tbody>
${rows.join('\n')}
</table></html>
`
}
