import path from 'node:path'
import type { Request, Response } from 'express'
import multer from 'multer'
import { KindredError } from '../../errors.js'
import type { BodyContract } from '../contract/contract.js'
import { InvalidFieldError } from '../invalid-field.js'
import { endsWithItsParser, formStream } from './form-stream.js'
import { formBytes, multipartBody, multipartError, multipartLimits } from './multipart.js'
import type { BodyReader, RequestBody } from './request-body.js'
import { runMiddleware } from './run-middleware.js'
import { placeUpload, removeUpload, type Upload } from './upload-spool.js'

/** Synced to disk: a job that was acknowledged goes on with its file after a power cut, too. (Not in multer's types yet.) */
const durable: object = { flush: true }

/** Makes the function that reads a multipart body whose one file goes to disk. */
export function createUploadReader(
  contract: BodyContract,
  { folder, maxUploadBytes }: { readonly folder: string; readonly maxUploadBytes: number },
): BodyReader {
  const field = contract.files?.field ?? ''
  const places = new WeakMap<Request, { folder: string; file: string }>()
  const parse = multer({
    storage: multer.diskStorage({
      destination: (req, _file, done) => {
        done(null, places.get(req)?.folder ?? '')
      },
      filename: (req, _file, done) => {
        done(null, places.get(req)?.file ?? '')
      },
      ...durable,
    }),
    fileFilter: (req, { originalname }, done) => {
      try {
        places.set(req, placeUpload(folder, originalname))
        done(null, true)
      } catch (thrown) {
        done(thrown as Error)
      }
    },
    defParamCharset: 'utf8',
    limits: multipartLimits(1, maxUploadBytes),
    ...endsWithItsParser,
  }).single(field)

  const tooLarge = (cause?: Error) =>
    new KindredError('PAYLOAD_TOO_LARGE', `The file in ${field} has more than ${maxUploadBytes} bytes`, {
      cause,
      field,
      hint: 'Import it in parts. The setting maxUploadBytes raises the limit.',
    })

  const read = async (req: Request, res: Response): Promise<RequestBody> => {
    const form = formStream(req)
    const discard = async () => {
      const place = places.get(form)
      if (place !== undefined) await removeUpload(path.join(place.folder, place.file))
    }
    try {
      await runMiddleware(parse, form, res)
      const { file } = form
      if (file?.size === 0) {
        throw new InvalidFieldError(field, `The file in ${field} has no bytes`, {
          hint: 'Send a CSV, JSONL or archive with at least one row.',
        })
      }
      const upload: Upload | null = file === undefined ? null : { file: file.path, name: file.originalname }
      const body = contract.check(multipartBody(form.body, contract, upload === null ? [] : ['']))
      return { body, files: [], upload }
    } catch (thrown) {
      await discard()
      throw isSystemError(thrown)
        ? new KindredError('STORE_FAILED', 'The upload could not be written', { cause: thrown })
        : multipartError(thrown, { field, max: 1, tooLarge })
    }
  }
  return { most: formBytes(1, maxUploadBytes), tooLarge, read }
}

/** A full disk, say: not the client's fault. */
const isSystemError = (thrown: unknown): boolean => thrown instanceof Error && 'syscall' in thrown
