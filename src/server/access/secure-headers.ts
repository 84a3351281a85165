import helmet from 'helmet'
import type { Layer } from '../requests/layer.js'
import { pathOf } from '../requests/request-context.js'

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

/** The page at / is made of files of its own, shows pictures that it fetched or was given, and asks no one else. */
const page = helmet({
  ...common,
  contentSecurityPolicy: {
    useDefaults: false,
    directives: {
      defaultSrc: ["'none'"],
      scriptSrc: ["'self'"],
      styleSrc: ["'self'"],
      imgSrc: ["'self'", 'data:', 'blob:'],
      connectSrc: ["'self'"],
      frameAncestors: ["'none'"],
      baseUri: ["'none'"],
      formAction: ["'none'"],
      requireTrustedTypesFor: ["'script'"],
      trustedTypes: ["'none'"],
    },
  },
})

/** The pages under /docs run their own scripts, which are files, and show pictures that are in them. */
const docs = helmet({
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
export const secureHeaders: Layer = (req, res, next) => {
  headersFor(pathOf(req))(req, res, next)
}

function headersFor(path: string): typeof data {
  if (path === '/') return page
  return path === '/docs' || path.startsWith('/docs/') ? docs : data
}
