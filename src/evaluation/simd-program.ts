/**
 * The inner loop of exact search as a WebAssembly program, written out for one row length: the dot products of four
 * queries with two gallery rows at a time, four lanes of float32 each. JavaScript has no other way to SIMD.
 *
 * Encoded by hand after the WebAssembly core specification 2.0, section 5; the names below are the instructions' own.
 * The program exports `products(queries, queriesEnd, gallery, galleryEnd, out)`, addresses in bytes, and imports its
 * memory as `host.memory`. The number of queries must be a multiple of 4, of gallery rows of 2; row lengths are
 * multiples of 8 values. Out is [queries, gallery] in float32.
 *
 * Every product is added up in the same order wherever its rows stand, so equal rows give equal products.
 *
 * @param rowBytes length of a row
 */
export function simdProgram(rowBytes: number): Uint8Array<ArrayBuffer> {
  const [queryRows, galleryRows, unrolled] = [4, 2, 2]
  // Parameters, then locals.
  const [queries, queriesEnd, gallery, galleryEnd, out] = [0, 1, 2, 3, 4]
  const [galleryRow, query, other, queryEnd, stride] = [5, 6, 7, 8, 9]
  const firstSum = 10
  const sum = (q: number, g: number): number => firstSum + q * galleryRows + g
  const held = firstSum + queryRows * galleryRows
  const places = (rows: number): number[] => [...Array(rows).keys()]

  const step = (offset: number): number[] => [
    ...places(galleryRows).flatMap((g) => [
      ...get(other),
      ...loadVector(g * rowBytes + offset),
      ...set(held + 1 + g),
    ]),
    ...places(queryRows).flatMap((q) => [
      ...get(query),
      ...loadVector(q * rowBytes + offset),
      ...set(held),
      ...places(galleryRows).flatMap((g) => [
        ...get(sum(q, g)),
        ...get(held),
        ...get(held + 1 + g),
        ...multiplyVectors,
        ...addVectors,
        ...set(sum(q, g)),
      ]),
    ]),
  ]
  const storeSums = places(queryRows).flatMap((q) => [
    ...places(galleryRows).flatMap((g) => [
      ...get(out),
      ...(q === 0 ? [] : [...get(stride), ...constant(q), ...multiply, ...add]),
      ...get(sum(q, g)),
      ...lane(0),
      ...get(sum(q, g)),
      ...lane(1),
      ...addFloats,
      ...get(sum(q, g)),
      ...lane(2),
      ...get(sum(q, g)),
      ...lane(3),
      ...addFloats,
      ...addFloats,
      ...storeFloat(4 * g),
    ]),
  ])
  const body = [
    // Bytes from one query's products to the next one's.
    ...[...get(galleryEnd), ...get(gallery), ...subtract, ...constant(rowBytes), ...divide],
    ...[...constant(4), ...multiply, ...set(stride)],
    ...loop([
      ...[...get(gallery), ...set(galleryRow)],
      ...loop([
        ...places(queryRows * galleryRows).flatMap((n) => [...zeroVector, ...set(firstSum + n)]),
        ...[...get(queries), ...set(query), ...get(galleryRow), ...set(other)],
        ...[...get(queries), ...constant(rowBytes), ...add, ...set(queryEnd)],
        ...loop([
          ...places(unrolled).flatMap((n) => step(16 * n)),
          ...increase(query, 16 * unrolled),
          ...increase(other, 16 * unrolled),
          ...repeatWhileLess(query, queryEnd),
        ]),
        ...storeSums,
        ...increase(out, 4 * galleryRows),
        ...increase(galleryRow, galleryRows * rowBytes),
        ...repeatWhileLess(galleryRow, galleryEnd),
      ]),
      // Past the rows of the other queries of this step.
      ...[...get(out), ...get(stride), ...constant(queryRows - 1), ...multiply, ...add, ...set(out)],
      ...increase(queries, queryRows * rowBytes),
      ...repeatWhileLess(queries, queriesEnd),
    ]),
    end,
  ]
  const locals = [
    ...unsigned(2),
    ...unsigned(5),
    i32,
    ...unsigned(queryRows * galleryRows + 1 + galleryRows),
    v128,
  ]
  const code = [...locals, ...body]
  const bytes = [
    ...[0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00],
    ...section(1, [...unsigned(1), 0x60, ...unsigned(5), i32, i32, i32, i32, i32, ...unsigned(0)]),
    ...section(2, [...unsigned(1), ...name('host'), ...name('memory'), 0x02, 0x00, ...unsigned(1)]),
    ...section(3, [...unsigned(1), ...unsigned(0)]),
    ...section(7, [...unsigned(1), ...name('products'), 0x00, ...unsigned(0)]),
    ...section(10, [...unsigned(1), ...unsigned(code.length), ...code]),
  ]
  return Uint8Array.from(bytes)
}

/** LEB128. */
function unsigned(value: number): number[] {
  const bytes: number[] = []
  for (let rest = value; bytes.length === 0 || rest > 0; rest = Math.floor(rest / 128)) {
    bytes.push((rest % 128) + (rest >= 128 ? 128 : 0))
  }
  return bytes
}

/** LEB128 of a number that is not negative where a signed one is read: the top bit of the last byte must stay 0. */
function signed(value: number): number[] {
  const bytes: number[] = []
  let rest = value
  for (; rest >= 64; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128)
  return [...bytes, rest]
}

const section = (id: number, contents: readonly number[]): number[] => [
  id,
  ...unsigned(contents.length),
  ...contents,
]
const name = (text: string): number[] => [...unsigned(text.length), ...Buffer.from(text, 'ascii')]

const i32 = 0x7f
const v128 = 0x7b
const end = 0x0b
const get = (local: number): number[] => [0x20, ...unsigned(local)]
const set = (local: number): number[] => [0x21, ...unsigned(local)]
const constant = (value: number): number[] => [0x41, ...signed(value)]
const add = [0x6a]
const subtract = [0x6b]
const multiply = [0x6c]
const divide = [0x6e]
const addFloats = [0x92]
const storeFloat = (offset: number): number[] => [0x38, 2, ...unsigned(offset)]
const loadVector = (offset: number): number[] => [0xfd, 0x00, 4, ...unsigned(offset)]
const zeroVector = [0xfd, 0x0c, ...Array<number>(16).fill(0)]
const lane = (index: number): number[] => [0xfd, 0x1f, index]
const addVectors = [0xfd, ...unsigned(0xe4)]
const multiplyVectors = [0xfd, ...unsigned(0xe6)]
const loop = (contents: readonly number[]): number[] => [0x03, 0x40, ...contents, end]
const increase = (local: number, by: number): number[] => [
  ...get(local),
  ...constant(by),
  ...add,
  ...set(local),
]
const repeatWhileLess = (local: number, than: number): number[] => [
  ...get(local),
  ...get(than),
  0x49,
  0x0d,
  0,
]
