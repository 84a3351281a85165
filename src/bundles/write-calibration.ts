import { randomBytes } from 'node:crypto'
import { open, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { KindredError } from '../errors.js'
import { manifestFile, type Bundle } from './bundle.js'
import type { Calibration } from './calibration.js'
import { anyObject } from './check.js'
import { parseManifest } from './parse-manifest.js'

/**
 * Gives a bundle this calibration in place of the one it has, all or nothing: `model.json` is written beside itself,
 * flushed and renamed. Everything else in it stays as it was, the fingerprint included.
 *
 * @throws KindredError MODEL_CORRUPT; INVALID_ARGUMENT for a calibration that loadBundle would refuse, or a folder
 * that cannot be written to
 */
export async function writeCalibration(bundle: Bundle, calibration: Calibration): Promise<Bundle> {
  const file = path.join(bundle.folder, manifestFile)
  const place = { at: `${file}#`, code: 'MODEL_CORRUPT' } as const
  const before = anyObject(JSON.parse(await readFile(file, 'utf8')), place)
  const json = JSON.stringify({ ...before, calibration }, null, 2)
  const manifest = parseManifest(JSON.parse(json), file, 'INVALID_ARGUMENT')
  const temporary = path.join(bundle.folder, `.${manifestFile}.${randomBytes(6).toString('hex')}`)
  try {
    const handle = await open(temporary, 'wx')
    try {
      await handle.writeFile(`${json}\n`)
      await handle.sync()
    } finally {
      await handle.close()
    }
    await rename(temporary, file)
  } catch (cause) {
    await rm(temporary, { force: true })
    throw new KindredError('INVALID_ARGUMENT', `The bundle in ${bundle.folder} cannot be written to`, {
      cause,
      hint: 'Copy the bundle to a folder of your own and calibrate it there.',
    })
  }
  return { ...bundle, manifest }
}
