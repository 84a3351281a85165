import { InvalidArgumentError } from 'commander'

/** Reads the K of recall@K, such as `1,10,100`; commander turns the error into a usage message. */
export function parseKs(text: string): number[] {
  const ks = text.split(',').map(Number)
  if (ks.some((k) => !Number.isInteger(k) || k < 1)) {
    throw new InvalidArgumentError('expected positive whole numbers, such as 1,10,100')
  }
  return [...new Set(ks)].sort((a, b) => a - b)
}
