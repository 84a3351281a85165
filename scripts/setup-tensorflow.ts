import { toKindredError } from '../src/errors.js'
import { showProgress } from '../src/tensors/setup/progress.js'
import { setUpTensorflow } from '../src/tensors/setup/set-up.js'
import { describeSetup } from '../src/tensors/setup/status.js'

/** Makes TensorFlow ready to train and test with. It is kept in the cache, so a second run finds it. */
try {
  const result = await setUpTensorflow({ onProgress: showProgress(process.stderr) })
  process.stdout.write(`${describeSetup(result)}\n`)
} catch (thrown) {
  const error = toKindredError(thrown)
  process.stderr.write(`${error.message}\n${error.hint ?? ''}\n`)
  process.exitCode = 1
}
