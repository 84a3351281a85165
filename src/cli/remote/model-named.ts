import { loadBundle } from '../../bundles/load-bundle.js'
import { KindredError } from '../../errors.js'

/** What a server calls the model of a bundle here; a server may also have models that are not here. */
export const modelNamed = (model: string): Promise<string> =>
  loadBundle(model).then(
    (bundle) => bundle.model,
    (thrown: unknown) => {
      if (thrown instanceof KindredError && thrown.code === 'MODEL_NOT_FOUND') return model
      throw thrown
    },
  )
