/** What a key may do, the least first. Each includes those before it. */
export const scopes = ['search', 'write', 'admin'] as const

export type Scope = (typeof scopes)[number]

export const isScope = (text: unknown): text is Scope => scopes.some((scope) => scope === text)

/** Whether a key of scope `held` may do what asks for `wanted`. */
export const includesScope = (held: Scope, wanted: Scope): boolean =>
  scopes.indexOf(held) >= scopes.indexOf(wanted)
