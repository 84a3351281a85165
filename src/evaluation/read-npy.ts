import { openNpy } from '../datasets/npy-file.js'

/** A float32 matrix, row by row. */
export interface Matrix {
  readonly rows: number
  readonly columns: number
  readonly values: Float32Array
}

/** Reads a whole NumPy file into memory. @throws KindredError as `openNpy` */
export async function readNpy(file: string): Promise<Matrix> {
  const npy = await openNpy(file)
  try {
    const { rows, columns } = npy
    return { rows, columns, values: await npy.read(0, rows) }
  } finally {
    await npy.close()
  }
}
