import { KindredError } from '../../errors.js'
import { InvalidFieldError } from '../invalid-field.js'

/** Whatever the parser of JSON bodies complains about; its errors have a `type` (body-parser documents them). */
export function jsonError(thrown: unknown): unknown {
  if (!(thrown instanceof Error)) return thrown
  const { message } = thrown
  const options = { cause: thrown }
  switch ('type' in thrown ? thrown.type : undefined) {
    case 'entity.parse.failed':
      return new InvalidFieldError('body', `The body is not JSON: ${message}`, {
        ...options,
        hint: 'Send a JSON object in UTF-8.',
      })
    case 'entity.too.large':
      return jsonTooLarge(thrown)
    case 'encoding.unsupported':
      return new KindredError('UNSUPPORTED_MEDIA_TYPE', message, {
        ...options,
        field: 'Content-Encoding',
        hint: 'Send it as gzip, deflate or br, or as it is.',
      })
    case 'charset.unsupported':
      return new KindredError('UNSUPPORTED_MEDIA_TYPE', message, {
        ...options,
        field: 'Content-Type',
        hint: 'Send JSON in UTF-8.',
      })
    default:
      // A body that was cut short or cannot be unpacked; what has no status of the client's is ours.
      return 'status' in thrown && thrown.status === 400
        ? new InvalidFieldError('body', message, options)
        : thrown
  }
}

export const jsonTooLarge = (cause?: Error): KindredError =>
  new KindredError('PAYLOAD_TOO_LARGE', 'The JSON body is larger than is accepted', {
    cause,
    field: 'body',
    hint: 'Send less at once, and pictures as multipart. The setting maxJsonBytes raises the limit.',
  })
