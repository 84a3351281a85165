import { KindredError, type ErrorCode } from '../errors.js'
import type { InputTransform } from '../images/input-transform.js'
import { cardFile, manifestFile, networkFile } from './bundle.js'
import {
  anyObject,
  finiteNumber,
  listOf,
  matching,
  oneOf,
  orNull,
  positiveNumber,
  recordOf,
  shape,
  text,
  threeOf,
  wholeNumber,
  type Place,
} from './check.js'
import type { Architecture, BundleManifest, DataLineage } from './manifest.js'
import { isBundleFileName, isBundleName } from './names.js'
import { calibrationOf } from './parse-calibration.js'

const formatVersion = 1

const count = wholeNumber(0, Number.MAX_SAFE_INTEGER)
const hex = (digits: number) =>
  matching(
    `${digits} lower-case hex digits`,
    (value): value is string =>
      typeof value === 'string' && value.length === digits && /^[0-9a-f]+$/.test(value),
  )

const input = shape<InputTransform>(
  {
    width: wholeNumber(1, 8192),
    height: wholeNumber(1, 8192),
    fit: oneOf('squash', 'cover', 'contain'),
    kernel: oneOf('nearest', 'linear', 'cubic', 'mitchell', 'lanczos2', 'lanczos3'),
    mean: threeOf(finiteNumber),
    std: threeOf(positiveNumber),
    layout: oneOf('nhwc', 'nchw'),
  },
  'closed',
)

const fileName = matching(
  `the plain name of a file other than ${manifestFile} and ${cardFile}`,
  (value): value is string => isBundleFileName(value) && value !== manifestFile && value !== cardFile,
)

const manifest = shape<Omit<BundleManifest, 'calibration'>>({
  formatVersion: oneOf(formatVersion),
  name: matching('a name like [a-z0-9][a-z0-9_-]{0,62}', isBundleName),
  description: text,
  createdAt: matching('a time like 2025-01-31T12:00:00Z', isUtcTime),
  architecture: shape<Architecture>({
    backbone: text,
    pooling: oneOf('gap', 'gap+gmp'),
    head: orNull(wholeNumber(1, 65_536)),
  }),
  input,
  embedding: shape({ dimensions: wholeNumber(1, 65_536) }),
  onnx: shape({ input: text, output: text }, 'closed'),
  training: orNull(anyObject),
  data: listOf(shape<DataLineage>({ name: text, licence: text, images: count, classes: count })),
  metrics: recordOf(finiteNumber),
  heldOut: listOf(text),
  licence: shape({ spdx: text, notices: listOf(text) }),
  files: recordOf(shape({ bytes: count, sha256: hex(64) }), fileName),
  fingerprint: hex(12),
})

/**
 * Checks a parsed `model.json`.
 *
 * @param source path of the file, for messages
 * @throws KindredError with `code` (MODEL_CORRUPT), naming the field as a JSON Pointer (RFC 6901)
 */
export function parseManifest(
  value: unknown,
  source: string,
  code: ErrorCode = 'MODEL_CORRUPT',
): BundleManifest {
  const place: Place = { at: `${source}#`, code }
  const { formatVersion: version, calibration } = anyObject(value, place)
  if (typeof version === 'number' && version > formatVersion) {
    throw new KindredError(
      code,
      `${source} has format version ${version}; this kindred reads ${formatVersion}`,
      {
        hint: 'Upgrade kindred to use this bundle.',
      },
    )
  }
  const parsed = manifest(value, place)
  if (!Object.hasOwn(parsed.files, networkFile)) {
    throw new KindredError(code, `${source} names no ${networkFile} among its files`)
  }
  if (calibration === undefined) return parsed
  return { ...parsed, calibration: calibrationOf(calibration, { ...place, at: `${place.at}/calibration` }) }
}

function isUtcTime(value: unknown): value is string {
  return (
    typeof value === 'string' &&
    /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(value) &&
    !Number.isNaN(Date.parse(value))
  )
}
