import type { Bundle } from '../../bundles/bundle.js'
import type { Api, Handlers } from '../contract/operation-types.js'
import type { ModelPool } from '../model-pool.js'

/** /v1/models and /v1/models/{model} */
export const modelHandlers = (models: ModelPool): Pick<Handlers, 'listModels' | 'getModel'> => ({
  async listModels() {
    const bundles = await models.list()
    return {
      status: 200,
      body: { items: bundles.map((bundle) => toModel(bundle, models.defaultModel)), nextCursor: null },
    }
  },
  async getModel({ path }) {
    const bundle = await models.find(path.model)
    const manifest = { ...bundle.manifest }
    const card = await models.card(bundle)
    return { status: 200, body: { ...toModel(bundle, models.defaultModel), manifest, card } }
  },
})

const toModel = ({ model, manifest }: Bundle, defaultModel: string): Api<'Model'> => ({
  model,
  name: manifest.name,
  description: manifest.description,
  dimensions: manifest.embedding.dimensions,
  default: model === defaultModel,
})
