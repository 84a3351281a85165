import type { LayoutName } from '../../../datasets/layouts/registry.js'

/** The K of recall@K that papers print for each published set (Song et al. 2016; Liu et al. 2016). */
export const protocolKs: Readonly<Record<LayoutName, readonly number[]>> = {
  cub200: [1, 2, 4, 8],
  cars196: [1, 2, 4, 8],
  sop: [1, 10, 100, 1000],
  inshop: [1, 10, 20, 30, 40, 50],
}
