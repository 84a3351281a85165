type Metadata = Readonly<Record<string, unknown>>

/** Fields in which catalogues have what people call a thing. */
const nameFields = ['name', 'title', 'label', 'product']

/** @returns what to call an item: its name where its metadata has one, else its id */
export function itemName(id: string, metadata: Metadata | undefined): string {
  const found = nameFields
    .map((field) => metadata?.[field])
    .find((value) => typeof value === 'string' && value !== '')
  return typeof found === 'string' ? found : id
}

/** A value of metadata as text. */
export const shown = (value: unknown): string =>
  Array.isArray(value)
    ? value.map(shown).join(', ')
    : typeof value === 'boolean'
      ? value
        ? 'yes'
        : 'no'
      : String(value)
