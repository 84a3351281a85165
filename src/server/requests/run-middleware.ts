import type { Request, RequestHandler, Response } from 'express'

/** Runs one Express middleware and resolves where it would have called the next. */
export const runMiddleware = (middleware: RequestHandler, req: Request, res: Response): Promise<void> =>
  new Promise((resolve, reject) => {
    void middleware(req, res, (error?: unknown) => {
      if (error === undefined) resolve()
      else reject(error instanceof Error ? error : new Error('Not an Error', { cause: error }))
    })
  })
