import { expected } from '../errors.js'
import type { FieldType } from './collection.js'
import type { Metadata } from './item.js'

/**
 * Cells of a CSV as metadata: text, unless the collection declares the field as a number or a boolean. Dates stay
 * text, which the store checks.
 *
 * @throws KindredError INVALID_METADATA
 */
export function typedCells(
  cells: Readonly<Record<string, string>>,
  fields: Readonly<Record<string, FieldType>>,
): Metadata {
  return Object.fromEntries(
    Object.entries(cells).map(([name, cell]) => [name, typedCell(name, cell, fields[name] ?? 'string')]),
  )
}

function typedCell(name: string, cell: string, type: FieldType): string | number | boolean {
  switch (type) {
    case 'number': {
      const value = Number(cell)
      if (cell.trim() === '' || !Number.isFinite(value)) throw misfit('a number', name, cell)
      return value
    }
    case 'boolean':
      if (cell !== 'true' && cell !== 'false') throw misfit('true or false', name, cell)
      return cell === 'true'
    case 'string':
    case 'date':
      return cell
  }
}

const misfit = (what: string, name: string, cell: string) => expected(what, name, cell, 'INVALID_METADATA')
