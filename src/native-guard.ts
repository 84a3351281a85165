const idle = 0
const busy = 1
const stopped = 2

/** Longest wait for a native call when the process ends, in milliseconds. */
const patience = 10_000

/**
 * Keeps a process from ending in the middle of a native call of a worker thread. Ending takes the thread's JavaScript
 * away, the call then fails to hand back its result, and an uncaught C++ exception aborts the process (seen with
 * onnxruntime-node 1.30 and hnswlib-node 3.0: exit code 134 instead of the program's own, at times a hang). One cell of
 * memory shared by the thread and its owner says whether a call is under way; `process.exit` waits for it and lets no
 * other begin. For the same reason no such thread is ever ended with `terminate()`.
 */
export type NativeGuard = Int32Array<SharedArrayBuffer>

const watched = new Set<NativeGuard>()

/** For the owner, before it starts the thread. The thread counts as busy until it first leaves. */
export function watchThread(): NativeGuard {
  const guard: NativeGuard = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)).fill(busy)
  if (watched.size === 0) process.on('exit', stopAll)
  watched.add(guard)
  return guard
}

/** For the owner, when the thread has ended. */
export function forgetThread(guard: NativeGuard): void {
  watched.delete(guard)
  if (watched.size === 0) process.off('exit', stopAll)
}

/** For the thread, before a native call. @returns false where the process is ending and the call must not begin */
export const enterNative = (guard: NativeGuard): boolean =>
  Atomics.compareExchange(guard, 0, idle, busy) === idle

/** For the thread, after a native call. */
export function leaveNative(guard: NativeGuard): void {
  Atomics.compareExchange(guard, 0, busy, idle)
  Atomics.notify(guard, 0)
}

/** The last thing the process does; nothing asynchronous happens any more, so it waits by blocking. */
function stopAll(): void {
  const deadline = Date.now() + patience
  for (const guard of watched) {
    while (Atomics.compareExchange(guard, 0, idle, stopped) === busy && Date.now() < deadline) {
      Atomics.wait(guard, 0, busy, deadline - Date.now())
    }
  }
}
