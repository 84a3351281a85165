import { readFileSync } from 'node:fs'
import { parse as parseYaml } from 'yaml'
import { expected, KindredError } from './errors.js'

interface Setting<T> {
  readonly default: T
  readonly description: string
  /** Range of a number, both ends included. */
  readonly range?: readonly [number, number]
  /** The only values allowed. */
  readonly choices?: readonly T[]
}

const text = (description: string, value: string, choices?: readonly string[]): Setting<string> => ({
  description,
  default: value,
  ...(choices && { choices }),
})
const whole = (description: string, value: number, range: readonly [number, number]): Setting<number> => ({
  description,
  default: value,
  range,
})
const choice = <const T extends string>(
  description: string,
  value: NoInfer<T>,
  choices: readonly T[],
): Setting<T> => ({ description, default: value, choices })
const flag = (description: string, value: boolean): Setting<boolean> => ({ description, default: value })

const MiB = 1024 * 1024
const TiB = 1024 * 1024 * MiB

/**
 * Every setting of the program, in one place. A name in camelCase is the key in a configuration file; the flag is
 * `--kebab-case`, the environment variable `KINDRED_UPPER_CASE`. Flags win over environment, environment over file.
 */
export const settings = {
  host: text('Address the server listens on.', '127.0.0.1'),
  port: whole('Port the server listens on; 0 takes a free one.', 8080, [0, 65535]),
  store: text('Folder of the embedded store.', 'index'),
  models: text('Folder of model bundles.', 'models'),
  model: text('Model bundle that collections are made with unless they name another.', 'models/products'),
  data: text(
    'Folder of the published photo sets that recipes and demos use: set it to where they lie on your machine.',
    '../shared/data',
  ),
  logLevel: text('How much is logged.', 'info', [
    'trace',
    'debug',
    'info',
    'warn',
    'error',
    'fatal',
    'silent',
  ]),

  maxImageBytes: whole('Largest image file accepted, in bytes.', 20 * MiB, [1, 1024 * MiB]),
  maxImagePixels: whole('Most pixels an image may have (first frame).', 64_000_000, [1, 1_000_000_000]),
  allowSvg: flag('Whether SVG pictures are rendered; they can be slow and hostile.', false),

  fetchFrom: text(
    'Where pictures may be fetched from by URL: none; public, any host at a public address; or hosts (shop.example, ' +
      '*.shop.example), which must be at a public address, and address ranges (10.1.0.0/16), with commas between.',
    'none',
  ),
  fetchPorts: text('Ports that pictures may be fetched from, with commas between.', '80,443'),
  fetchSeconds: whole('How long fetching a picture may take, its redirects included.', 15, [1, 600]),
  fetchRedirects: whole('Redirects that are followed, each under the same rules.', 3, [0, 20]),

  keep: choice(
    'What new collections keep of a picture for a later change of model, unless they say so themselves; one that is there stays as it is. With thumbnail and path, the place of a local file is noted, too.',
    'thumbnail',
    ['thumbnail', 'original', 'path', 'none'],
  ),
  thumbnailSide: whole('Shorter side of the thumbnails of new collections, in pixels.', 320, [32, 2048]),
  maxMissingPercent: whole(
    'Most items in a hundred that a change of model may lose because they cannot be embedded anew.',
    1,
    [0, 100],
  ),

  maxRowBytes: whole('Longest row of a catalogue, in bytes; a picture may be in it.', 64 * MiB, [
    1024,
    1024 * MiB,
  ]),
  maxArchiveMembers: whole('Most files in an archive.', 10_000_000, [1, 1_000_000_000]),
  maxArchiveMemberBytes: whole('Largest file in an archive, in bytes, unpacked.', 4096 * MiB, [1, TiB]),
  maxArchiveBytes: whole('Most bytes an archive may unpack to.', 256 * 1024 * MiB, [1, 64 * TiB]),
  importRoots: text(
    'Folders whose files imports over HTTP may name by path, separated as in PATH (`:`, on Windows `;`); none where empty.',
    '',
  ),
  maxUploadBytes: whole('Largest file that an import may upload, in bytes.', 4096 * MiB, [1, 64 * TiB]),
  maxSnapshotBytes: whole('Largest snapshot file that the server takes in, in bytes.', 64 * 1024 * MiB, [
    1,
    64 * TiB,
  ]),
  maxRunningJobs: whole('Jobs that a server runs at a time; the others wait.', 2, [1, 64]),
  maxQueuedJobs: whole('Jobs that may wait; more are refused.', 1000, [1, 100_000]),
  maxJobListeners: whole('Clients that may follow the events of jobs at a time.', 100, [1, 100_000]),
  maxDuplicates: whole(
    'Most items that a search for duplicates may put in groups.',
    100_000,
    [1, 10_000_000],
  ),
  abandonJobs: flag(
    'Whether a server gives up the jobs that it was stopped or killed in, instead of going on with them.',
    false,
  ),
  keepJobs: whole('Jobs whose records are kept; older ones that are over go.', 1000, [1, 1_000_000]),

  provider: text('ONNX Runtime execution provider that embeds.', 'cpu', ['cpu', 'webgpu', 'cuda']),
  embedThreads: whole('Threads of one embedding; 0 takes one per core.', 0, [0, 256]),
  embedBatch: whole('Most pictures embedded in one pass.', 16, [1, 1024]),

  maxK: whole('Most answers one search may ask for.', 1000, [1, 100_000]),
  maxCandidates: whole(
    'Most results that one search may re-rank, make diverse or collapse; time grows with the square.',
    500,
    [1, 2000],
  ),
  maxExamples: whole('Most positive and negative examples of one search.', 16, [1, 1000]),
  maxThumbnails: whole(
    'Most items that come with thumbnails, in the answer to a search or to a batch.',
    100,
    [1, 10_000],
  ),
  maxBatchQueries: whole('Most queries of one batch.', 100, [1, 10_000]),
  maxFilterDepth: whole('Levels that a filter may be nested.', 16, [1, 64]),
  maxFilterTerms: whole('Most operands of a filter; each value of an `in` is one.', 1000, [1, 10_000]),
  maxJsonBytes: whole('Largest JSON body accepted, in bytes.', 32 * MiB, [1, 1024 * MiB]),

  idempotencySeconds: whole(
    'How long the answer to a write with an Idempotency-Key is kept, to be given again to the same request.',
    86_400,
    [1, 2_592_000],
  ),
  idempotencyKeys: whole('Most such answers that are kept; the oldest go.', 10_000, [1, 1_000_000]),
  idempotencyAnswerBytes: whole(
    'Largest answer that is kept, in bytes; an item with all the metadata it may have fits.',
    128 * 1024,
    [1024, 16 * MiB],
  ),

  page: choice(
    'Whether the page for people is at /. Its files hold no data: what it shows, it asks the API for, with a key where there are keys.',
    'on',
    ['on', 'off'],
  ),
  docsAccess: choice('Who may read /docs: anyone, who has an API key, or no one.', 'open', [
    'open',
    'keys',
    'off',
  ]),
  metricsAccess: choice(
    'Who may read /metrics: anyone, who has an API key that is not limited to collections, or no one.',
    'keys',
    ['open', 'keys', 'off'],
  ),
  corsOrigins: text(
    'Web pages that may call the API from a browser: their origins (https://shop.example) with commas between, or none.',
    'none',
  ),
  trustProxy: text(
    'Proxies whose X-Forwarded-For says who a client is: how many there are (1), or their addresses and ranges (10.0.0.0/8, ' +
      'loopback) with commas between, or none.',
    'none',
  ),
  rateLimitPerAddress: whole(
    'Most requests of one address (of one /56 of IPv6) in each window; 0 for no limit. Health is never limited.',
    120_000,
    [0, 1_000_000_000],
  ),
  rateLimitPerKey: whole(
    'Most requests with one API key in each window; 0 for no limit.',
    120_000,
    [0, 1_000_000_000],
  ),
  rateLimitSeconds: whole('Length of the window in which requests are counted.', 60, [1, 86_400]),

  decoders: whole(
    'Processes that decode the pictures of requests, and as many those of jobs while there are any; 0 takes one per core.',
    0,
    [0, 256],
  ),
  decodeSeconds: whole('How long a picture may take to decode: of a request, or of a row.', 10, [1, 600]),
  picturesAtOnce: whole(
    'Pictures of requests that are decoded and embedded at the same time.',
    16,
    [1, 1024],
  ),
  picturesWaiting: whole(
    'Most pictures that wait for that; who comes then is refused with 503 at once.',
    48,
    [0, 100_000],
  ),
  maxRequests: whole(
    'Most requests under way, those with a body and those without counted apart; past it 503. Not health and metrics.',
    512,
    [1, 100_000],
  ),
  maxRequestsPerClient: whole(
    'Most of those with a body of one API key, or without keys of one address (of one /56 of IPv6); past it 503. 0 for no such share. Behind a proxy, see trustProxy.',
    128,
    [0, 100_000],
  ),
  answerSeconds: whole(
    'How long the answer to a request may take once all of it has arrived; past it 503.',
    30,
    [1, 86_400],
  ),
  maxHeaderBytes: whole('Longest head of a request, in bytes: its first line and all headers.', 16 * 1024, [
    1024,
    1024 * 1024,
  ]),
  headersSeconds: whole('How long the head of a request may take to arrive.', 15, [1, 600]),
  bodySeconds: whole('How long a request may take to arrive.', 120, [1, 86_400]),
  bodyIdleSeconds: whole('How long nothing of a body may arrive, once it has begun.', 10, [1, 3600]),
  uploadSeconds: whole('How long a file to import, or a snapshot, may take to arrive.', 3600, [1, 604_800]),
  shutdownSeconds: whole('How long a stopping server waits for what it accepted.', 20, [0, 3600]),
} as const

export type SettingName = keyof typeof settings
export type Config = { readonly [K in SettingName]: (typeof settings)[K]['default'] }

/** Recipes and demos read these from the environment; they are no flags of any command, and nothing to a server. */
export const ofRecipes: readonly SettingName[] = ['data']

/** What a server goes by. */
export const settingsOfServer = (config: Config): Readonly<Record<string, unknown>> =>
  Object.fromEntries(Object.entries(config).filter(([name]) => !ofRecipes.some((one) => one === name)))

/** Names with a leading capital for each word after the first: `max-image-bytes` -> `maxImageBytes`. */
export const flagOf = (name: string): string => `--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`
export const variableOf = (name: string): string =>
  `KINDRED_${name.replace(/[A-Z]/g, (c) => `_${c}`).toUpperCase()}`

/**
 * Resolves every setting from flags, environment, an optional YAML or JSON file, and defaults, in that order.
 *
 * @throws KindredError INVALID_SETTING that names the setting and where its value came from
 */
export function loadConfig(sources: {
  flags?: Readonly<Partial<Record<SettingName, unknown>>>
  env?: Readonly<Record<string, string | undefined>>
  file?: string
}): Config {
  const { flags = {}, env = {} } = sources
  const file = sources.file === undefined ? {} : readConfigFile(sources.file)
  const resolved = Object.keys(settings).map((key) => {
    const name = key as SettingName
    const variable = env[variableOf(name)]
    if (flags[name] !== undefined) return [name, check(name, flags[name], flagOf(name))]
    if (variable !== undefined && variable !== '') return [name, check(name, variable, variableOf(name))]
    if (file[name] !== undefined) return [name, check(name, file[name], `${name} in ${sources.file ?? ''}`)]
    return [name, settings[name].default]
  })
  return Object.fromEntries(resolved) as Config
}

function readConfigFile(path: string): Record<string, unknown> {
  let parsed: unknown
  try {
    parsed = parseYaml(readFileSync(path, 'utf8')) ?? {}
  } catch (cause) {
    throw new KindredError('INVALID_SETTING', `The configuration file ${path} cannot be read`, { cause })
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw new KindredError('INVALID_SETTING', `The configuration file ${path} must hold settings by name`)
  }
  const unknown = Object.keys(parsed).filter((key) => !Object.hasOwn(settings, key))
  if (unknown.length > 0) {
    throw new KindredError('INVALID_SETTING', `Unknown settings in ${path}: ${unknown.join(', ')}`, {
      hint: `Known settings: ${Object.keys(settings).join(', ')}`,
    })
  }
  return parsed as Record<string, unknown>
}

/** Text from flags and environment is read as the setting's own type; anything else must have it already. */
function check(name: SettingName, raw: unknown, source: string): string | number | boolean {
  const { default: fallback, range, choices }: Setting<string | number | boolean> = settings[name]
  const value = typeof raw === 'string' ? fromText(raw, typeof fallback) : raw
  if (choices !== undefined && !choices.some((choice) => choice === value)) {
    throw expected(`one of ${choices.join(', ')}`, source, raw, 'INVALID_SETTING')
  }
  if (typeof fallback === 'number') {
    const [low, high] = range ?? [Number.MIN_SAFE_INTEGER, Number.MAX_SAFE_INTEGER]
    if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high) {
      throw expected(`a whole number from ${low} to ${high}`, source, raw, 'INVALID_SETTING')
    }
    return value
  }
  if (typeof fallback === 'boolean') {
    if (typeof value !== 'boolean') throw expected('true or false', source, raw, 'INVALID_SETTING')
    return value
  }
  if (typeof value !== 'string') throw expected('text', source, raw, 'INVALID_SETTING')
  return value
}

function fromText(raw: string, type: string): unknown {
  if (type === 'number') return /^-?\d+$/.test(raw.trim()) ? Number(raw) : raw
  if (type === 'boolean')
    return raw === 'true' || raw === '1' ? true : raw === 'false' || raw === '0' ? false : raw
  return raw
}
