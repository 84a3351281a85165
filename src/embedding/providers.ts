import { listSupportedBackends } from 'onnxruntime-node'

/** A way of running networks that this installation of ONNX Runtime knows. */
export interface Provider {
  readonly name: string
  /** Whether it came with the npm package, rather than being fetched by an opt-in step. */
  readonly bundled: boolean
}

/** The execution providers that can be asked for; whether one finds its hardware shows only when it is opened. */
export const listProviders = (): Provider[] =>
  listSupportedBackends().map(({ name, bundled }) => ({ name, bundled }))
