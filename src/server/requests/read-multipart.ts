import type { Request, Response } from 'express'
import multer from 'multer'
import { KindredError } from '../../errors.js'
import type { BodyContract } from '../contract/contract.js'
import { endsWithItsParser, formStream } from './form-stream.js'
import { formBytes, multipartBody, multipartError, multipartLimits } from './multipart.js'
import type { BodyReader, RequestBody } from './request-body.js'
import { runMiddleware } from './run-middleware.js'

/**
 * Makes the function that reads a multipart body into memory, every quantity bounded, and checks it against the
 * contract: the file field stands in it as empty text, its bytes beside it.
 */
export function createMultipartReader(
  contract: BodyContract,
  { maxImageBytes }: { readonly maxImageBytes: number },
): BodyReader {
  const { field, max } = contract.files ?? { field: '', max: 0 }
  const limits = multipartLimits(max, maxImageBytes)
  const parse = multer({ storage: multer.memoryStorage(), limits, ...endsWithItsParser }).array(field, max)
  const tooLarge = (cause?: Error) =>
    new KindredError('IMAGE_TOO_LARGE', `The file in ${field} has more than ${maxImageBytes} bytes`, {
      cause,
      field,
    })

  const read = async (req: Request, res: Response): Promise<RequestBody> => {
    const form = formStream(req)
    try {
      await runMiddleware(parse, form, res)
    } catch (thrown) {
      throw multipartError(thrown, { field, max, tooLarge })
    }
    const files = (form.files as Express.Multer.File[] | undefined) ?? []
    const body = multipartBody(
      form.body,
      contract,
      files.map(() => ''),
    )
    return { body: contract.check(body), files: files.map(({ buffer }) => buffer), upload: null }
  }
  return { most: formBytes(max, maxImageBytes), tooLarge, read }
}
