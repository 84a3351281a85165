import type { InputTransform } from '../images/input-transform.js'
import type { Calibration } from './calibration.js'

/**
 * `model.json` of a bundle: everything needed to embed with the model, to repeat its training and to reuse it
 * within its licence. The files beside it are named in `files` with their digests.
 */
export interface BundleManifest {
  readonly formatVersion: 1
  readonly name: string
  readonly description: string
  /** RFC 3339, UTC. */
  readonly createdAt: string
  readonly architecture: Architecture
  readonly input: InputTransform
  readonly embedding: { readonly dimensions: number }
  /** Names of the ONNX graph's input [N, ...input] and output [N, dimensions]. */
  readonly onnx: { readonly input: string; readonly output: string }
  /** Resolved settings of the training run, seeds included; null for a network used as published. */
  readonly training: Record<string, unknown> | null
  /** The labelled sets it learned from. */
  readonly data: readonly DataLineage[]
  /** Figures measured when the bundle was written, by name (`validation.recall@1`), as shares of 1. */
  readonly metrics: Readonly<Record<string, number>>
  /** Classes kept out of training and validation, for measuring on classes never seen. */
  readonly heldOut: readonly string[]
  readonly licence: { readonly spdx: string; readonly notices: readonly string[] }
  /** Every file of the bundle but this one and the card. */
  readonly files: Readonly<Record<string, { readonly bytes: number; readonly sha256: string }>>
  /** First 12 hex digits of SHA-256 over what decides an embedding: the files' digests, `input` and `onnx`. */
  readonly fingerprint: string
  /** What a score means; absent where nobody fitted it. No part of the fingerprint. */
  readonly calibration?: Calibration
}

/** What the network is made of, enough to build it again and load `weights.safetensors` into it. */
export interface Architecture {
  /** A name the network registry knows (`mobilenet-v2-1.0`), or `onnx` for an imported encoder. */
  readonly backbone: string
  readonly pooling: 'gap' | 'gap+gmp'
  /** Width of the linear layer after pooling; null where the pooled backbone output is the embedding. */
  readonly head: number | null
}

export interface DataLineage {
  readonly name: string
  readonly licence: string
  readonly images: number
  readonly classes: number
}
