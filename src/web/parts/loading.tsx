import type { ComponentChildren } from 'preact'

/** Says that something is on its way. */
export const Loading = ({ children }: { children: ComponentChildren }) => (
  <p class="loading" role="status">
    <span class="spinner" aria-hidden="true" />
    {children}...
  </p>
)
