import { useState } from 'preact/hooks'
import { Problem } from '../../parts/problem.js'
import { useAddressBar } from '../../state/address-context.js'
import { useSession } from '../../state/session.js'
import { useAction } from '../../state/use-action.js'
import { useLoad } from '../../state/use-load.js'

/** Makes a collection: a name, and the model that looks at its pictures. */
export function NewCollection({ open }: { open: boolean }) {
  const { client, refresh } = useSession()
  const { go } = useAddressBar()
  const [name, setName] = useState('')
  const [model, setModel] = useState('')
  const models = useLoad((signal) => client.listModels({ signal }), 'models')
  const making = useAction()
  return (
    <details class="new-collection" open={open}>
      <summary>Make a collection</summary>
      <form
        class="controls"
        onSubmit={(event) => {
          event.preventDefault()
          making.run(async () => {
            await client.putCollection({ path: { collection: name }, body: model === '' ? {} : { model } })
            await refresh()
            go({ collection: name })
            setName('')
          })
        }}
      >
        <label class="field">
          Name: small letters, digits, - and _
          <input
            required
            pattern="[a-z0-9][a-z0-9_\-]{0,62}"
            autocomplete="off"
            value={name}
            onInput={(event) => {
              setName(event.currentTarget.value)
            }}
          />
        </label>
        <label class="field">
          Model
          <select
            value={model}
            onChange={(event) => {
              setModel(event.currentTarget.value)
            }}
          >
            <option value="">the server's usual one</option>
            {models.value?.items.map((one) => (
              <option key={one.model} value={one.model}>
                {one.name}
              </option>
            ))}
          </select>
        </label>
        <button type="submit" class="primary" aria-disabled={making.busy}>
          Make it
        </button>
      </form>
      <Problem error={making.error ?? models.error} retry={models.again} />
    </details>
  )
}
