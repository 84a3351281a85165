import type { Express } from 'express'
import { flagOf } from '../../config.js'
import { expected } from '../../errors.js'

/** Tells Express whose X-Forwarded-For to believe: the setting trustProxy. @throws KindredError INVALID_SETTING */
export function trustProxy(app: Express, setting: string): void {
  const trusted = setting.trim()
  if (trusted === 'none') return
  try {
    app.set('trust proxy', /^\d{1,2}$/.test(trusted) ? Number(trusted) : trusted)
  } catch {
    const wanted = 'a number of proxies, addresses and ranges, or none'
    throw expected(wanted, flagOf('trustProxy'), setting, 'INVALID_SETTING')
  }
}
