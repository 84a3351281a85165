import { copyFileSync, existsSync, renameSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'

/** Where hnswlib-node lies, and the bindings in it. */
export interface BindingFiles {
  readonly root: string
  /** What is loaded. */
  readonly loaded: string
  /** The binding as it was installed, kept while a tuned one is loaded. */
  readonly installed: string
}

/** @param root of the package; what this program would load where absent */
export function bindingFiles(root?: string): BindingFiles {
  const own = createRequire(import.meta.url)
  const folder = root ?? path.dirname(own.resolve('hnswlib-node/package.json'))
  const inRelease = (name: string): string => path.join(folder, 'build', 'Release', name)
  return { root: folder, loaded: inRelease('addon.node'), installed: inRelease('addon.installed.node') }
}

/**
 * Gives a compiled binding the place of the loaded one, which is kept. Whenever this is stopped, a whole binding is
 * loaded; processes that run go on with theirs.
 */
export function install(compiled: string, { loaded, installed }: BindingFiles): void {
  if (!existsSync(installed)) {
    const copy = `${installed}.tmp`
    copyFileSync(loaded, copy)
    renameSync(copy, installed)
  }
  renameSync(compiled, loaded)
}

/** Puts the binding back that was installed. @returns whether there was one */
export function undo({ loaded, installed }: BindingFiles): boolean {
  rmSync(`${installed}.tmp`, { force: true })
  if (!existsSync(installed)) return false
  renameSync(installed, loaded)
  return true
}
