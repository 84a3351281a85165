import type { RowMetadata } from '../../datasets/catalogues/catalogue-row.js'
import type { FieldType } from '../collection.js'
import type { Metadata } from '../item.js'
import { checkMetadata } from '../metadata.js'
import { typedCells } from '../typed-cells.js'

/**
 * A row's metadata as an item has it: cells in the types that the collection declares, values as they are.
 *
 * @throws KindredError INVALID_METADATA
 */
export function rowMetadata(
  id: string,
  metadata: RowMetadata,
  fields: Readonly<Record<string, FieldType>>,
): Metadata {
  // What the values are is what checkMetadata finds out.
  const given = metadata.kind === 'cells' ? typedCells(metadata.cells, fields) : (metadata.values as Metadata)
  return checkMetadata(given, id)
}
