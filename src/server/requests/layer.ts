import type { IncomingMessage, ServerResponse } from 'node:http'

/** A step of answering that needs no more of a request than Node gives, so that it runs in Express and before it. */
export type Layer = (req: IncomingMessage, res: ServerResponse, next: () => void) => void
