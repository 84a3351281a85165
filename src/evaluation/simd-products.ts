import { simdProgram } from './simd-program.js'

const queriesAtOnce = 4
const rowsAtOnce = 2
const valuesAtOnce = 8
const pageBytes = 65_536

/** Rows of a matrix [count * dimensions]. */
export interface RowRange {
  readonly rows: Float32Array
  readonly start: number
  readonly count: number
}

/** Addresses in the program's memory, in bytes. */
type Products = (
  queries: number,
  queriesEnd: number,
  gallery: number,
  galleryEnd: number,
  out: number,
) => void

/** The part of WebAssembly's interface that is used here: Node has it, its types have not. */
interface WebAssemblyHost {
  readonly Memory: new (size: { initial: number }) => { readonly buffer: ArrayBuffer }
  readonly Module: new (bytes: Uint8Array) => object
  readonly Instance: new (module: object, imports: object) => { readonly exports: Record<string, unknown> }
}
const { WebAssembly } = globalThis as unknown as { readonly WebAssembly: WebAssemblyHost }

/** Dot products in float32 of blocks of rows, by SIMD. One holds memory for the largest block it was made for. */
export class SimdProducts {
  readonly #dimensions: number
  /** Values of a row in the program's memory, zeros at its end. */
  readonly #stride: number
  readonly #memory: Float32Array
  readonly #galleryAt: number
  readonly #outAt: number
  readonly #products: Products

  constructor(dimensions: number, mostQueries: number, mostRows: number) {
    this.#dimensions = dimensions
    this.#stride = roundUp(dimensions, valuesAtOnce)
    const queries = roundUp(mostQueries, queriesAtOnce)
    const rows = roundUp(mostRows, rowsAtOnce)
    this.#galleryAt = queries * this.#stride
    this.#outAt = this.#galleryAt + rows * this.#stride
    const bytes = 4 * (this.#outAt + queries * rows)
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / pageBytes) })
    this.#memory = new Float32Array(memory.buffer)
    const module = new WebAssembly.Module(simdProgram(4 * this.#stride))
    const { exports } = new WebAssembly.Instance(module, { host: { memory } })
    this.#products = exports['products'] as Products
  }

  /** How far a product can be from that of exact arithmetic, for rows of unit length (Higham, 2002, section 3.1). */
  get tolerance(): number {
    return (this.#stride / 4 + 4) * 2 ** -24
  }

  /** Chooses the queries of the `products` that follow. */
  setQueries(queries: RowRange): number {
    this.#place(queries, 0, queriesAtOnce)
    return queries.count
  }

  /**
   * @param queries how many `setQueries` was given
   * @returns the product of query i and the block's row j at `i * stride + j`; overwritten by the next call
   */
  products(queries: number, block: RowRange): { readonly values: Float32Array; readonly stride: number } {
    this.#place(block, this.#galleryAt, rowsAtOnce)
    const width = roundUp(block.count, rowsAtOnce)
    const height = roundUp(queries, queriesAtOnce)
    const rowBytes = 4 * this.#stride
    const galleryAt = 4 * this.#galleryAt
    this.#products(0, height * rowBytes, galleryAt, galleryAt + width * rowBytes, 4 * this.#outAt)
    return { values: this.#memory.subarray(this.#outAt, this.#outAt + height * width), stride: width }
  }

  /** Copies rows in, each padded with zeros, and rows of zeros up to the next multiple. */
  #place({ rows, start, count }: RowRange, at: number, multiple: number): void {
    const [dimensions, stride] = [this.#dimensions, this.#stride]
    if (dimensions === stride) {
      this.#memory.set(rows.subarray(start * dimensions, (start + count) * dimensions), at)
    } else {
      for (let row = 0; row < count; row++) {
        const from = (start + row) * dimensions
        this.#memory.set(rows.subarray(from, from + dimensions), at + row * stride)
      }
    }
    this.#memory.fill(0, at + count * stride, at + roundUp(count, multiple) * stride)
  }
}

const roundUp = (value: number, multiple: number): number => Math.ceil(value / multiple) * multiple
