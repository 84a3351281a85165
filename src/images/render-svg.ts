import { sharp } from './sharp.js'

/**
 * Renders one of our own drawings (the synthetic catalogue) to a file's bytes. Never for drawings from outside:
 * those go through `decodeImage` and its limits.
 */
export async function renderSvg(
  svg: string,
  options: { width: number; height: number; format: 'jpeg' | 'png'; quality?: number },
): Promise<Uint8Array> {
  const { width, height, format, quality = 90 } = options
  const drawing = sharp(Buffer.from(svg))
    .resize({ width, height, fit: 'fill' })
    .flatten({ background: '#ffffff' })
  return format === 'jpeg' ? drawing.jpeg({ quality }).toBuffer() : drawing.png().toBuffer()
}
