const whole = new Intl.NumberFormat('en')
const share = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 0 })

/** 12,345 */
export const count = (value: number): string => whole.format(value)

/** @example counted(1, 'item') // 1 item */
export const counted = (value: number, what: string): string =>
  `${count(value)} ${what}${value === 1 ? '' : 's'}`

/** 0.974 -> 97 % */
export const percent = (value: number): string => share.format(value).replace('%', ' %')

/** 3.14159 -> 3.1; 12.3 -> 12 */
export const milliseconds = (value: number): string =>
  `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`

/** 1536 -> 1.5 kB */
export function bytes(value: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB']
  const power = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(1, value)) / 3))
  const scaled = value / 1000 ** power
  return `${power === 0 || scaled >= 10 ? scaled.toFixed(0) : scaled.toFixed(1)} ${units[power] ?? ''}`
}
