const startOfScan = Buffer.from([0xff, 0xda])

/**
 * How often the decoder will pass over a JPEG's coefficients. A progressive file may ask for hundreds of passes in a
 * few bytes, and nothing stops libjpeg between them. Thumbnails and trailing pictures inside the file count too.
 */
export function countJpegScans(bytes: Uint8Array): number {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)
  let scans = 0
  for (let at = buffer.indexOf(startOfScan); at >= 0; at = buffer.indexOf(startOfScan, at + 2)) scans++
  return scans
}
