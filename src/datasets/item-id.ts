const longestName = 512
const control = /\p{Cc}/u
const loneSurrogate = /\p{Surrogate}/u

/** Whether a text is well-formed Unicode without control characters. */
export const isCleanText = (text: string): boolean => !control.test(text) && !loneSurrogate.test(text)

/** Whether a text can name an item or a group. */
export const isItemName = (text: unknown): boolean =>
  typeof text === 'string' && text !== '' && isCleanText(text) && Buffer.byteLength(text) <= longestName

/** What an item id is, for messages. */
export const itemIdRule = '1 to 512 bytes of UTF-8 without control characters, not . or ..'

/** Whether a text can be an item's id, in a catalogue as in a collection: one that a URL path keeps as it is. */
export const isItemId = (text: unknown): boolean => isItemName(text) && text !== '.' && text !== '..'
