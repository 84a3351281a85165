import { createHash } from 'node:crypto'
import { existsSync, rmSync } from 'node:fs'
import { mkdir, mkdtemp, rm } from 'node:fs/promises'
import path from 'node:path'
import { readLines } from '../../text-lines.js'

/** Folders that files are spread over. */
const spread = 256

/**
 * A temporary folder of unpacked files. A file lies under the hash of its name, never under the name: no name, however
 * odd or long, can lead anywhere else or meet another one, and none needs to be kept in memory to be found.
 */
export class UnpackedFolder {
  readonly #root: string

  readonly #removeAtExit: () => void

  private constructor(root: string) {
    this.#root = root
    // A second Ctrl-C ends the process at once.
    this.#removeAtExit = () => {
      rmSync(root, { recursive: true, force: true })
    }
    process.once('exit', this.#removeAtExit)
  }

  /** @param under exists, or is made */
  static async create(under: string): Promise<UnpackedFolder> {
    await mkdir(under, { recursive: true })
    const folder = new UnpackedFolder(await mkdtemp(path.join(under, 'kindred-archive-')))
    const names = Array.from({ length: spread }, (_, n) => n.toString(16).padStart(2, '0'))
    await Promise.all(names.map((name) => mkdir(path.join(folder.#root, name))))
    return folder
  }

  /** Where a file of this name lies, or would lie. */
  pathOf(member: string): string {
    const hash = createHash('sha256').update(member).digest('hex')
    return path.join(this.#root, hash.slice(0, 2), hash)
  }

  /** Where a file of this name lies; null where the archive has none. */
  find(member: string): string | null {
    const file = this.pathOf(member)
    return existsSync(file) ? file : null
  }

  /** Names of the pictures, one a line, in the order in which they came. */
  get picturesFile(): string {
    return path.join(this.#root, 'pictures.txt')
  }

  async *pictures(): AsyncGenerator<string> {
    // Names have no control characters, and are far shorter than this.
    for await (const { text } of readLines(this.picturesFile, 65_536).lines) if (text !== null) yield text
  }

  async remove(): Promise<void> {
    process.off('exit', this.#removeAtExit)
    await rm(this.#root, { recursive: true, force: true })
  }
}
