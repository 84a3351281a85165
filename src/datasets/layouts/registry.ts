import { existsSync } from 'node:fs'
import path from 'node:path'
import { cars196 } from './cars-196.js'
import { cub2002011 } from './cub-200-2011.js'
import { inShop } from './in-shop.js'
import type { Layout } from './layout.js'
import { stanfordOnlineProducts } from './stanford-online-products.js'

/** Every published layout by the name of its format; a new one is one file and one line here. */
export const layouts = {
  cub200: cub2002011,
  cars196,
  sop: stanfordOnlineProducts,
  inshop: inShop,
} as const satisfies Record<string, Layout>

export type LayoutName = keyof typeof layouts

export const layoutNames = Object.keys(layouts) as LayoutName[]

/** Which published layout a folder has, by the files that only it has; undefined where it is none of them. */
export const detectLayout = (folder: string): LayoutName | undefined =>
  layoutNames.find((name) =>
    layouts[name].marks.every((places) => places.some((place) => existsSync(path.join(folder, place)))),
  )
