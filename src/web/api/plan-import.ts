import { packTar } from './pack-tar.js'

const archive = /\.(zip|tar|tar\.gz|tgz)$/i
const table = /\.(csv|jsonl|ndjson)$/i

/**
 * What to upload of the files that somebody gave: archives and lone catalogues as they are, pictures in one archive, with the
 * catalogue that came beside them.
 */
export function planImport(files: readonly File[]): File[] {
  // Systems leave such files in folders: .DS_Store, ._photo.jpg.
  const given = files.filter(({ name }) => !/(^|\/)\./.test(name))
  const archives = given.filter(({ name }) => archive.test(name))
  const others = given.filter(({ name }) => !archive.test(name))
  if (others.every(({ name }) => table.test(name))) return [...archives, ...others]
  const [only] = others
  const name = others.length === 1 && only !== undefined ? `${only.name}.tar` : `${others.length} files.tar`
  return [...archives, packTar(withoutTwins(others), name.replaceAll('/', ' '))]
}

/** Pictures from several folders may have the same name, but an archive must not have it twice. */
function withoutTwins(files: readonly File[]): File[] {
  const taken = new Set<string>()
  return files.map((file) => {
    let name = file.name
    for (let n = 2; taken.has(name); n++) name = file.name.replace(/(\.[^.]*)?$/, ` (${n})$1`)
    taken.add(name)
    return name === file.name ? file : new File([file], name, { type: file.type })
  })
}
