const block = 512
/** The longest name that the plain header holds; a longer one, or one that is not ASCII, goes into a pax header. */
const plainName = 100

/**
 * Packs files into a tar (POSIX.1-2001, pax) without reading them: the archive is made of the files themselves.
 *
 * @param files with paths as their names, each of which comes once
 */
export function packTar(files: readonly File[], name: string): File {
  const parts = files.flatMap((file) => {
    const path = new TextEncoder().encode(file.name)
    const plain = path.length <= plainName && /^[\x20-\x7e]+$/.test(file.name)
    const header = headerOf(plain ? path : path.slice(0, plainName), file.size, '0')
    return [...(plain ? [] : paxPath(file.name)), header, file, padding(file.size)]
  })
  return new File([...parts, new Uint8Array(2 * block)], name, { type: 'application/x-tar' })
}

/** An extended header with the real path of the file that follows. */
function paxPath(path: string): Uint8Array<ArrayBuffer>[] {
  const record = ` path=${path}\n`
  const length = new TextEncoder().encode(record).length
  // The length counts its own digits.
  let total = length + 1
  while (String(total).length + length !== total) total = String(total).length + length
  const content = new TextEncoder().encode(`${total}${record}`)
  return [headerOf(new TextEncoder().encode('pax'), content.length, 'x'), content, padding(content.length)]
}

function headerOf(name: Uint8Array, size: number, type: '0' | 'x'): Uint8Array<ArrayBuffer> {
  const header = new Uint8Array(block)
  const write = (text: string, at: number) => {
    header.set(new TextEncoder().encode(text), at)
  }
  const octal = (value: number, digits: number): string => `${value.toString(8).padStart(digits, '0')}\0`
  header.set(name)
  write(octal(0o644, 7), 100)
  write(octal(0, 7), 108)
  write(octal(0, 7), 116)
  write(octal(size, 11), 124)
  write(octal(0, 11), 136)
  // The checksum is of the header with blanks in its own place.
  write(' '.repeat(8), 148)
  write(type, 156)
  write('ustar\x0000', 257)
  write(
    `${octal(
      header.reduce((sum, byte) => sum + byte, 0),
      6,
    )} `,
    148,
  )
  return header
}

const padding = (size: number): Uint8Array<ArrayBuffer> => new Uint8Array((block - (size % block)) % block)
