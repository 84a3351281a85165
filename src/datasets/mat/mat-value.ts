/** A value of a MATLAB file. Arrays are flat, column by column, as MATLAB keeps them; their shape is not kept. */
export type MatValue = MatNumbers | MatText | MatCells | MatStructs

export interface MatNumbers {
  readonly kind: 'numbers'
  readonly values: readonly number[]
}

export interface MatText {
  readonly kind: 'text'
  readonly text: string
}

export interface MatCells {
  readonly kind: 'cells'
  readonly cells: readonly MatValue[]
}

/** A struct array; a lone struct is one of one entry. */
export interface MatStructs {
  readonly kind: 'structs'
  readonly structs: readonly ReadonlyMap<string, MatValue>[]
}
