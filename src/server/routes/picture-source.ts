/** The one picture of a request: its file, or its base64. */
export function pictureOf(files: readonly Uint8Array[], base64: string | undefined): Uint8Array | undefined {
  return files[0] ?? (base64 === undefined ? undefined : Buffer.from(base64, 'base64'))
}
