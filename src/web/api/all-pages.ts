interface Page<T> {
  readonly items: readonly T[]
  readonly nextCursor: string | null
}

/** The largest page that lists have. */
const limit = 1000

/**
 * Reads a list to its end.
 *
 * @param most stops once it has so many
 */
export async function allPages<T>(
  read: (query: { readonly limit: number; readonly cursor?: string }) => Promise<Page<T>>,
  most = Infinity,
): Promise<T[]> {
  const items: T[] = []
  let cursor: string | null = null
  do {
    const page: Page<T> = await read({ limit, ...(cursor !== null && { cursor }) })
    items.push(...page.items)
    cursor = page.nextCursor
  } while (cursor !== null && items.length < most)
  return items
}
