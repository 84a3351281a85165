import { readdirSync } from 'node:fs'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { BuiltServer } from './built-server.js'
import { descriptorsOf, vitalsOf } from './process-vitals.js'

/** What a server holds when nobody asks anything of it: the number of its descriptors, and files that come and go. */
export interface Holdings {
  readonly descriptors: number
  readonly files: readonly string[]
}

/** Uploads and snapshots that are coming in, archives that are being unpacked, and whatever is not the store. */
export function holdingsOf({ pid, folder }: BuiltServer): Holdings {
  const passing = ['index/uploads', 'index/snapshots/.staging', 'index/unpacked', '.']
  const files = passing.flatMap((place) => {
    try {
      return readdirSync(path.join(folder, place)).map((name) => path.join(place, name))
    } catch {
      // Made when it is needed first.
      return []
    }
  })
  return { descriptors: vitalsOf(pid).descriptors, files: files.sort() }
}

/**
 * Waits until a server holds no more than it did before.
 *
 * @throws Error that names what is left
 */
export async function expectNothingLeft(
  server: BuiltServer,
  before: Holdings,
  seconds: number,
): Promise<void> {
  for (const deadline = Date.now() + 1000 * seconds; ;) {
    const { descriptors, files } = holdingsOf(server)
    const left = files.filter((file) => !before.files.includes(file))
    if (descriptors <= before.descriptors && left.length === 0) return
    if (Date.now() > deadline) {
      const open = descriptorsOf(server.pid).sort().join('\n')
      throw new Error(
        `After ${seconds} s the server holds ${descriptors} descriptors, not ${before.descriptors}, and the files ${left.join(', ')}\n${open}`,
      )
    }
    await sleep(200)
  }
}
