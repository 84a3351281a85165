import { Worker, type WorkerOptions } from 'node:worker_threads'

/**
 * Starts a worker thread from a module beside the caller: `startWorker(import.meta.url, './graph.worker')`.
 * In the built program the module is JavaScript; from the sources (tests, scripts) it is TypeScript, which Node 20
 * cannot load by itself, so tsx is brought in there. `--import tsx` does not reach the worker's own module on Node 20,
 * hence the short program that registers tsx and then imports the module.
 */
export function startWorker(callerUrl: string, module: string, options: WorkerOptions = {}): Worker {
  const fromSources = callerUrl.endsWith('.ts')
  const url = new URL(`${module}${fromSources ? '.ts' : '.js'}`, callerUrl)
  if (!fromSources) return new Worker(url, options)
  const tsx = import.meta.resolve('tsx/esm/api')
  const program = `import(${JSON.stringify(tsx)}).then((tsx) => { tsx.register(); return import(${JSON.stringify(url)}) })`
  return new Worker(program, { ...options, eval: true })
}
