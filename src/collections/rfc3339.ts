const pattern =
  /^(\d{4})-(\d{2})-(\d{2})(?:[Tt](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?(?:[Zz]|([+-])(\d{2}):(\d{2})))?$/

/** Whether a text is an RFC 3339 `date-time` or `full-date` (section 5.6) that exists in the calendar. */
export const isRfc3339 = (text: string): boolean => readRfc3339(text) !== null

/**
 * Reads an RFC 3339 `date-time` or `full-date`. A date alone is its first moment in UTC; a leap second is the first second
 * of the next minute, as in POSIX time.
 *
 * @returns whole seconds since 1970, and the digits of the fraction; null where it is none that exists in the calendar
 */
export function readRfc3339(text: string): { seconds: number; fraction: string } | null {
  const parts = pattern.exec(text)
  if (parts === null) return null
  const number = (at: number): number => Number(parts[at] ?? 0)
  const [year, month, day, hour, minute, second] = [1, 2, 3, 4, 5, 6].map(number) as Six
  const [zoneHour, zoneMinute] = [number(9), number(10)]
  const exists =
    month >= 1 &&
    month <= 12 &&
    day >= 1 &&
    day <= daysIn(year, month) &&
    hour <= 23 &&
    minute <= 59 &&
    second <= 60 && // a leap second
    zoneHour <= 23 &&
    zoneMinute <= 59
  if (!exists) return null
  // Date.UTC takes the years 0 to 99 for 1900 to 1999.
  const midnight = new Date(0).setUTCFullYear(year, month - 1, day) / 1000
  const ahead = (parts[8] === '-' ? -1 : 1) * (zoneHour * 3600 + zoneMinute * 60)
  return { seconds: midnight + hour * 3600 + minute * 60 + second - ahead, fraction: parts[7] ?? '' }
}

type Six = [number, number, number, number, number, number]

function daysIn(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28
  return [4, 6, 9, 11].includes(month) ? 30 : 31
}
