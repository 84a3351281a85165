/** What a load benchmark found, as it stands in the file of a run. */
export interface LoadRun {
  readonly steps: readonly LoadStep[]
}
export interface LoadStep {
  readonly latency: { readonly p99: number } | null
}
