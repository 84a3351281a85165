import type { CollectionStore } from '../../collections/collection-store.js'
import { KindredError } from '../../errors.js'
import { stoppingError, type Lifecycle } from '../lifecycle.js'
import type { ModelPool } from '../model-pool.js'

/** Knows whether requests can be answered. */
export class HealthService {
  readonly #store: CollectionStore
  readonly #models: ModelPool
  readonly #lifecycle: Lifecycle

  constructor(store: CollectionStore, models: ModelPool, lifecycle: Lifecycle) {
    this.#store = store
    this.#models = models
    this.#lifecycle = lifecycle
  }

  /**
   * The default model has embedded a test picture when the pool was opened; the store is asked anew.
   *
   * @returns the default model
   * @throws KindredError SHUTTING_DOWN, NOT_READY
   */
  async ready(): Promise<string> {
    if (this.#lifecycle.stopping) throw stoppingError()
    try {
      await this.#store.listCollections({ limit: 1 })
      await this.#models.embedderFor(this.#models.defaultModel)
    } catch (cause) {
      throw new KindredError('NOT_READY', 'The store or the default model does not answer', { cause })
    }
    return this.#models.defaultModel
  }
}
