import type { Stats } from 'node:fs'
import { stat } from 'node:fs/promises'
import { KindredError } from '../errors.js'

/** What lies where a set or a catalogue should. @throws KindredError DATASET_INVALID where nothing does */
export const statSource = (location: string): Promise<Stats> =>
  stat(location).catch((cause: unknown) => {
    throw new KindredError('DATASET_INVALID', `There is no folder or file ${location}`, { cause })
  })
