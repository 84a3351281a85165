import { float32, runEffect, runKernel } from './node-kernel.js'
import { tf } from './tensorflow.js'

/**
 * A float32 variable inside TensorFlow, as its training kernels want it; tfjs's own variables are immutable tensors
 * that are replaced.
 */
export interface ResourceVariable {
  /** What a `Resource...` kernel takes for the variable. */
  readonly handle: tf.Tensor
  assign(value: tf.Tensor): void
  /** The value now; TensorFlow copies the buffer only if the variable changes while this tensor lives. */
  read(): tf.Tensor
  dispose(): void
}

const dtype = { dtype: float32 }
let created = 0

/** @param value what it starts with; it stays the caller's */
export function createResourceVariable(value: tf.Tensor): ResourceVariable {
  const handle = tf.keep(
    runKernel('VarHandleOp', [], {
      ...dtype,
      shape: { type: 'shape', value: value.shape },
      // Without a name of its own every variable would be the same one.
      shared_name: { type: 'string', value: `kindred-${created++}` },
    }),
  )
  const assign = (next: tf.Tensor): void => {
    runEffect('AssignVariableOp', [handle, next], dtype)
  }
  assign(value)
  return {
    handle,
    assign,
    read: () => runKernel('ReadVariableOp', [handle], dtype),
    dispose(): void {
      runEffect('DestroyResourceOp', [handle], {})
      handle.dispose()
    },
  }
}
