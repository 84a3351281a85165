import { gzipSync } from 'node:zlib'
import { pack, type Header } from 'tar-stream'

type TarMember = Partial<Header> & { readonly name: string; readonly content?: string | Uint8Array }

/** A tar as bytes, also one that no packer would write. */
export async function makeTar(members: readonly TarMember[]): Promise<Buffer> {
  const tar = pack()
  for (const { content, ...header } of members) tar.entry(header, Buffer.from(content ?? ''))
  tar.finalize()
  const pieces: Uint8Array[] = []
  for await (const piece of tar as AsyncIterable<Uint8Array>) pieces.push(piece)
  return Buffer.concat(pieces)
}

export const makeTgz = async (members: readonly TarMember[]): Promise<Buffer> =>
  gzipSync(await makeTar(members))
