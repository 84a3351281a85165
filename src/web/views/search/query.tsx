import { FileButton } from '../../parts/file-button.js'
import { useAddressBar } from '../../state/address-context.js'
import type { Example } from '../../state/address.js'
import { keepPhoto, photoOf } from '../../state/photos.js'
import { useSession } from '../../state/session.js'
import { CropBox } from './crop-box.js'
import { ExampleCard } from './example-card.js'

/** What is searched with: one picture that can be cropped, or several examples for and against. */
export function Query(props: {
  onFiles: (files: File[]) => void
  collection: string
  /** The server has said that it is no picture it can read. */
  unreadable: boolean
}) {
  const { onFiles, collection, unreadable } = props
  const { address, go } = useAddressBar()
  const { server } = useSession()
  const { like, unlike, crop } = address
  const [only] = like
  const photo = only?.kind === 'photo' ? photoOf(only.id) : undefined
  const alone = like.length === 1 && unlike.length === 0
  const remove = (example: Example) => {
    const left = like.filter((one) => one !== example)
    // Answers cannot be unlike something and like nothing.
    go({
      like: left,
      unlike: left.length === 0 ? [] : unlike.filter((one) => one !== example),
      // The box is of the first.
      crop: left[0] === only ? crop : null,
    })
  }
  return (
    <section class="query" aria-label="Searched with">
      {alone && photo !== undefined ? (
        <CropBox
          key={photo.id}
          src={photo.shown}
          crop={crop}
          unreadable={unreadable}
          onCrop={(box) => {
            go({ crop: box })
          }}
        />
      ) : (
        <ul class="examples">
          {like.map((example) => (
            <ExampleCard key={JSON.stringify(example)} {...{ example, collection, remove }} against={false} />
          ))}
          {unlike.map((example) => (
            <ExampleCard key={JSON.stringify(example)} {...{ example, collection, remove }} against />
          ))}
        </ul>
      )}
      <div class="buttons">
        <FileButton class="primary" accept="image/*" multiple onFiles={onFiles}>
          Another picture
        </FileButton>
        <FileButton class="camera" accept="image/*" camera onFiles={onFiles}>
          Take a photo
        </FileButton>
        {like.length + unlike.length < server.limits.examples && (
          <FileButton
            accept="image/*"
            multiple
            onFiles={(files) => {
              go({
                like: [...like, ...files.map((file) => ({ kind: 'photo' as const, id: keepPhoto(file).id }))],
              })
            }}
          >
            Add a picture
          </FileButton>
        )}
        <button
          type="button"
          onClick={() => {
            go({ like: [], unlike: [], crop: null })
          }}
        >
          Start again
        </button>
      </div>
    </section>
  )
}
