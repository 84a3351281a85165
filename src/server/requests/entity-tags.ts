/** An entity tag (RFC 9110 section 8.8.3) without its quotes. */
export interface EntityTag {
  readonly tag: string
  readonly weak: boolean
}

/** What stands in If-Match or If-None-Match, whose form the contract has checked. */
export function readEntityTags(header: string): readonly EntityTag[] | '*' {
  if (header.trim() === '*') return '*'
  return Array.from(header.matchAll(/(W\/)?"([^"]*)"/g), ([, weak, tag = '']) => ({
    tag,
    weak: weak !== undefined,
  }))
}

/** A strong entity tag, as ETag has it. */
export const entityTag = (tag: string): string => `"${tag}"`
