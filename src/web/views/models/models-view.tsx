import { counted } from '../../format/numbers.js'
import { Link } from '../../parts/link.js'
import { Loading } from '../../parts/loading.js'
import { Problem } from '../../parts/problem.js'
import { useAddressBar } from '../../state/address-context.js'
import { useSession } from '../../state/session.js'
import { useLoad } from '../../state/use-load.js'
import { ModelCard } from './model-card.js'

/** What looks at the pictures. */
export function ModelsView() {
  const { client, collections } = useSession()
  const { model: open, collection } = useAddressBar().address
  const models = useLoad((signal) => client.listModels({ signal }), 'models')
  return (
    <div class="models">
      <h1>Models</h1>
      <Problem error={models.error} retry={models.again} />
      {models.value === undefined && models.error === null && <Loading>Getting the models</Loading>}
      <ul class="collections" aria-label="Models">
        {models.value?.items.map(({ model, name, description, dimensions, default: usual }) => {
          const users = collections.filter((one) => one.model === model).map((one) => one.name)
          return (
            <li key={model} class={`card collection ${model === open ? 'current' : ''}`}>
              <h2>
                <Link to={{ view: 'models', collection, model }} current={model === open}>
                  {name}
                </Link>
              </h2>
              <p>{description}</p>
              <p class="hint">
                {counted(dimensions, 'value')} a picture{usual && ' · the usual one'}
              </p>
              {users.length > 0 && <p class="hint">used by {users.join(', ')}</p>}
            </li>
          )
        })}
      </ul>
      {open !== null && <ModelCard key={open} model={open} />}
    </div>
  )
}
