import { KindredError } from '../../errors.js'
import type { AnyReply } from '../requests/send-reply.js'
import type { AnswerRecords, KeyedRequest, Keeping } from './answer-records.js'
import { packError, packReply, replay } from './kept-reply.js'

/**
 * Does a request with an idempotency key once, however often it is sent (draft-ietf-httpapi-idempotency-key-header-07): the
 * first answer is kept and given again. What fails on the server's side is not kept, and neither is an answer that is too
 * large, so that the next request is done.
 */
export class IdempotentWrites {
  readonly #records: AnswerRecords
  readonly #keeping: Keeping
  readonly #mostBytes: number

  /** @param options.answerBytes the largest answer that is kept */
  constructor(records: AnswerRecords, options: Keeping & { readonly answerBytes: number }) {
    this.#records = records
    this.#keeping = options
    this.#mostBytes = options.answerBytes
  }

  /** Whether a request with this key came before, whatever it asked; false where there is none. */
  knows(caller: string, key: string | null): boolean {
    return key !== null && this.#records.has({ caller, key }, this.#keeping)
  }

  /**
   * The answer of `work` is kept also where nobody waits for it any more: that is when a request is sent again.
   *
   * @throws KindredError IDEMPOTENCY_KEY_REUSED, IDEMPOTENCY_KEY_IN_USE, IDEMPOTENCY_OUTCOME_UNKNOWN; what `work` throws, or threw
   */
  async run(request: KeyedRequest, work: () => Promise<AnyReply>): Promise<AnyReply> {
    const claim = this.#records.claim(request, this.#keeping)
    switch (claim.kind) {
      case 'new':
        return this.#runNew(claim.number, work)
      case 'answered':
        return replay(claim.answer)
      case 'running':
        throw new KindredError('IDEMPOTENCY_KEY_IN_USE', 'The first request with this key has no answer yet')
      case 'lost':
        throw new KindredError(
          'IDEMPOTENCY_OUTCOME_UNKNOWN',
          'The server ended while it worked on the first request with this key',
        )
      case 'other':
        throw new KindredError('IDEMPOTENCY_KEY_REUSED', 'This key came with another request before')
    }
  }

  async #runNew(number: number, work: () => Promise<AnyReply>): Promise<AnyReply> {
    let reply: AnyReply
    try {
      reply = await work()
    } catch (thrown) {
      this.#settle(number, packError(thrown))
      throw thrown
    }
    this.#settle(number, packReply(reply))
    return reply
  }

  #settle(number: number, kept: string | null): void {
    if (kept === null || Buffer.byteLength(kept) > this.#mostBytes) this.#records.release(number)
    else this.#records.keep(number, kept)
  }
}
