/**
 * ONNX Runtime (from 1.29 on, on Linux and macOS) tells its maker what it is used for, names of models among it, and leaves files of
 * that in the folder for temporary files. This is its switch, which it reads when its first session is made. It is set in the main
 * thread, since native code does not see what a worker thread sets. Who has set it to something himself is left alone.
 *
 * @see https://github.com/microsoft/onnxruntime/pull/27379
 */
process.env['ORT_DISABLE_TELEMETRY'] ??= '1'
