import type { RequestHandler } from 'express'
import helmet from 'helmet'

const common = {
  // Whether there is TLS is for the proxy in front to know.
  strictTransportSecurity: false,
  xFrameOptions: { action: 'deny' },
} as const

/** An answer is data: whatever a browser takes it for, it may load and run nothing. */
const data = helmet({
  ...common,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
    },
  },
})

/** The pages under /docs run their own scripts, which are files, and show pictures that are in them. */
const pages = helmet({
  ...common,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      // Swagger UI writes style elements and attributes.
      styleSrc: ["'self'", "'unsafe-inline'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      fontSrc: ["'self'"],
      connectSrc: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
    },
  },
})

/** Headers by which browsers keep an answer in its place. */
export const secureHeaders: RequestHandler = (req, res, next) => {
  const headers = req.path === '/docs' || req.path.startsWith('/docs/') ? pages : data
  headers(req, res, next)
}
