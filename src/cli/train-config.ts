import { readFileSync } from 'node:fs'
import { parse as parseYaml } from 'yaml'
import { KindredError } from '../errors.js'

/** What `kindred train` was given as flags; everything else comes from the configuration file or has a default. */
export interface TrainFlags {
  readonly data?: readonly string[]
  readonly format?: string
  readonly splitBy?: string
  readonly boxes?: string
  readonly labelColumn?: string
  readonly split?: string
  readonly classes?: string
  readonly excludeLabels?: string
  readonly heldOut?: string
  readonly output?: string
  readonly init?: string
  readonly loss?: string
  readonly lossParams?: Readonly<Record<string, unknown>>
  readonly distance?: string
  readonly distanceParams?: Readonly<Record<string, unknown>>
  readonly regularize?: string
  readonly regularizerParams?: Readonly<Record<string, unknown>>
  readonly dimensions?: number
  readonly size?: number
  readonly epochs?: number
  readonly learningRate?: number
  readonly batch?: { classes: number; images: number }
  readonly seed?: number
  readonly sampler?: string
  readonly labelNoise?: number
  readonly train?: string
  readonly views?: number
  readonly patience?: number
  readonly deterministic?: true
}

/**
 * The raw settings of a training run: a configuration file (YAML or JSON) with the flags laid over it. In the file
 * `${NAME}` stands for an environment variable, so that a recipe does not depend on where the pictures lie.
 *
 * @throws KindredError INVALID_SETTING
 */
export function readTrainConfig(
  file: string | undefined,
  flags: TrainFlags,
  env: Readonly<Record<string, string | undefined>>,
): Record<string, unknown> {
  const { data, format, labelColumn, splitBy, split, boxes, classes, excludeLabels, ...others } = flags
  const { heldOut, size, patience, ...rest } = others
  const fromFile = file === undefined ? {} : parseFile(file, env)
  const set = given({
    format,
    labelColumn,
    splitBy,
    split,
    boxes,
    classes,
    excludeLabels: excludeLabels?.split(','),
    heldOutLabelsFile: heldOut,
  })
  const sets = data?.map((path) => ({ path, ...set }))
  if (sets === undefined && Object.keys(set).length > 0) {
    throw new KindredError(
      'INVALID_SETTING',
      `These flags describe a --data, and none was given: ${Object.keys(set).join(', ')}`,
    )
  }
  const input = size === undefined ? undefined : { ...asRecord(fromFile['input']), size }
  const validation = patience === undefined ? undefined : { ...asRecord(fromFile['validation']), patience }
  return { ...fromFile, ...given({ data: sets, input, validation }), ...given(rest) }
}

function parseFile(file: string, env: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new KindredError('INVALID_SETTING', `The configuration file ${file} cannot be read`, { cause })
  }
  const expanded = text.replace(/\$\{(\w+)\}/g, (_, name: string) => {
    const value = env[name]
    if (value === undefined) {
      throw new KindredError(
        'INVALID_SETTING',
        `${file} needs the environment variable ${name}, which is not set`,
      )
    }
    return value
  })
  try {
    return asRecord(parseYaml(expanded))
  } catch (cause) {
    throw new KindredError('INVALID_SETTING', `The configuration file ${file} is not YAML or JSON`, { cause })
  }
}

const asRecord = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {}

/** Without the entries that were not given. */
const given = (values: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined))
