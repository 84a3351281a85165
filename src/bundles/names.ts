/** Name of a bundle: it stands in paths, URLs and before the `@` of a model. */
export const isBundleName = (value: unknown): value is string =>
  typeof value === 'string' && /^[a-z0-9][a-z0-9_-]{0,62}$/.test(value)

/**
 * Name of a file in a bundle: plain, so that it can never point outside the folder, and short enough for every
 * file system.
 */
export const isBundleFileName = (value: unknown): value is string =>
  typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/.test(value)
