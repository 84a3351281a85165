import type { Crop } from '../../state/address.js'

/** Cuts a part out of a picture, here: an example among several has no crop of its own in the API. */
export async function cropPhoto(file: Blob, [x0, y0, x1, y1]: Crop): Promise<Blob> {
  // Upright by its EXIF orientation, as on the screen.
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' })
  const { width, height } = picture
  const canvas = document.createElement('canvas')
  canvas.width = Math.max(1, Math.round((x1 - x0) * width))
  canvas.height = Math.max(1, Math.round((y1 - y0) * height))
  canvas
    .getContext('2d')
    ?.drawImage(
      picture,
      x0 * width,
      y0 * height,
      canvas.width,
      canvas.height,
      0,
      0,
      canvas.width,
      canvas.height,
    )
  picture.close()
  return new Promise((resolve, reject) => {
    canvas.toBlob((cut) => {
      if (cut === null) reject(new Error('The picture cannot be cut'))
      else resolve(cut)
    }, 'image/png')
  })
}
