import { expected } from '../../errors.js'
import { flagOf } from '../../config.js'

/** Reads the setting corsOrigins. @throws KindredError INVALID_SETTING */
export function readOrigins(setting: string): string[] {
  if (setting.trim() === 'none') return []
  return setting.split(',').map((part) => {
    const origin = part.trim()
    const sane =
      /^https?:\/\/[^*]+$/.test(origin) && URL.canParse(origin) && new URL(origin).origin === origin
    if (!sane) {
      throw expected(
        'origins such as https://shop.example, or none',
        flagOf('corsOrigins'),
        origin,
        'INVALID_SETTING',
      )
    }
    return origin
  })
}
