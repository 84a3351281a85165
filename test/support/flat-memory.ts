import assert from 'node:assert/strict'
import { quantile } from '../../src/bench/quantile.js'
import { vitalsOf } from './process-vitals.js'

export interface MemoryWatch {
  /** At even distances, some hundred times. */
  sample(): void
  /** To be called when all is answered. @returns what was seen, in words @throws AssertionError with them where memory grew */
  expectFlat(): string
}

/**
 * Tells growth from noise. The server's own memory: a leak of a thousandth of what each request brings adds up over thousands of
 * them, while a heap that is collected when it pleases, and an allocator that keeps what it has had, go up and down around
 * a level. Its decoders come and go, two for requests and as many while jobs want some, and each takes what its picture takes
 * and keeps some of it: what they have is looked at when there is nothing to decode any more.
 *
 * @param allowed MiB that the server's level may rise by, and that one of its children may have in the end
 */
export function watchMemory(
  pid: number,
  allowed: { readonly grown: number; readonly child: number },
): MemoryWatch {
  const own: number[] = []
  const mebibytes = (bytes: number): string => (bytes / 2 ** 20).toFixed(0)
  return {
    sample() {
      own.push(vitalsOf(pid).residentBytes)
    },
    expectFlat() {
      const fifth = Math.floor(own.length / 5)
      if (fifth < 5) throw new Error(`${own.length} samples tell no trend`)
      // The first fifth is warm-up.
      const early = quantile(own.slice(fifth, 2 * fifth), 0.5)
      const late = quantile(own.slice(-fifth), 0.5)
      const largestChild = Math.max(0, ...vitalsOf(pid).childrenBytes)
      const seen =
        `resident memory of the server ${mebibytes(early)} MiB early, ${mebibytes(late)} MiB late (medians of the second and ` +
        `the last fifth; ${allowed.grown} MiB more are allowed), of its largest decoder ${mebibytes(largestChild)} MiB ` +
        `in the end (${allowed.child} are allowed)`
      const flat = late - early <= allowed.grown * 2 ** 20 && largestChild <= allowed.child * 2 ** 20
      assert(flat, `memory grew: ${seen}`)
      return seen
    },
  }
}
