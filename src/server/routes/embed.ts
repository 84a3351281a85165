import type { Handlers } from '../contract/operation-types.js'
import { inField } from '../invalid-field.js'
import type { PictureService } from '../services/picture-service.js'

/** /v1/embed */
export const embedHandlers = (pictures: PictureService): Pick<Handlers, 'embed'> => ({
  async embed({ query, body, files, signal }) {
    const given = files.length > 0 ? files : body.base64.map((text) => Buffer.from(text, 'base64'))
    const field = files.length > 0 ? 'image' : 'base64'
    const { embeddings, model } = await inField(field, () => pictures.embedAll(query.model, given, signal))
    return { status: 200, body: { embeddings: embeddings.map((values) => [...values]), model } }
  },
})
