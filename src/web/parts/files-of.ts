/**
 * All files that were dropped, those in folders included. A file from a folder is named by its path.
 *
 * @param data must be read before the event is over, which the call itself does
 */
export async function filesOf(data: DataTransfer): Promise<File[]> {
  const entries = [...data.items].map((item) => item.webkitGetAsEntry())
  const plain = [...data.files]
  if (!entries.some((entry) => entry?.isDirectory)) return plain
  const found = await Promise.all(entries.flatMap((entry) => (entry === null ? [] : [walk(entry, '')])))
  return found.flat()
}

async function walk(entry: FileSystemEntry, folder: string): Promise<File[]> {
  const path = `${folder}${entry.name}`
  if (isFolder(entry)) {
    const files: File[] = []
    for (const inside of await list(entry)) files.push(...(await walk(inside, `${path}/`)))
    return files
  }
  const file = await new Promise<File>((resolve, reject) => {
    ;(entry as FileSystemFileEntry).file(resolve, reject)
  })
  return [new File([file], path, { type: file.type })]
}

const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory

/** A reader hands a folder out in parts; an empty one is the end. */
async function list(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const part = await new Promise<FileSystemEntry[]>((resolve, reject) => {
      reader.readEntries(resolve, reject)
    })
    if (part.length === 0) return all
    all.push(...part)
  }
}
