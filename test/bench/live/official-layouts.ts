import { copyFileSync, mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import type { LayoutName } from '../../../src/datasets/layouts/registry.js'
import { writeMat } from '../../datasets/write-mat.js'

/** A picture of a class that lies somewhere else. */
export interface SourcePicture {
  readonly file: string
  readonly label: string
}

/** Lays pictures out as published sets unpack; the first half of the classes is for training, as papers have it. */
export const writeLayout: Readonly<
  Record<LayoutName, (folder: string, pictures: readonly SourcePicture[]) => void>
> = {
  cub200(folder, pictures) {
    const classes = classesOf(pictures)
    const id = (label: string): number => classes.indexOf(label) + 1
    const name = (label: string): string => `${String(id(label)).padStart(3, '0')}.${label}`
    const rows = pictures.map(({ file, label }, n) => ({
      file,
      label,
      n: n + 1,
      at: `${name(label)}/${n}.jpg`,
    }))
    for (const { file, at } of rows) copy(file, path.join(folder, 'images', at))
    write(
      folder,
      'images.txt',
      rows.map(({ n, at }) => `${n} ${at}`),
    )
    write(
      folder,
      'image_class_labels.txt',
      rows.map(({ n, label }) => `${n} ${id(label)}`),
    )
    write(
      folder,
      'train_test_split.txt',
      rows.map(({ n }) => `${n} ${n % 2}`),
    )
    // Some whole, some of the left half, some that reach beyond the edge.
    const boxes = ['0.0 0.0 20.0 40.0', '10.0 5.0 25.0 100.0', '0.0 0.0 40.0 40.0']
    write(
      folder,
      'bounding_boxes.txt',
      rows.map(({ n }) => `${n} ${boxes[n % boxes.length] ?? ''}`),
    )
    write(
      folder,
      'classes.txt',
      classes.map((label) => `${id(label)} ${name(label)}`),
    )
  },
  cars196(folder, pictures) {
    const classes = classesOf(pictures)
    const structs = pictures.map(({ file, label }, n) => {
      const at = `car_ims/${String(n + 1).padStart(6, '0')}.jpg`
      copy(file, path.join(folder, at))
      const box = { bbox_x1: 1, bbox_y1: 1, bbox_x2: 20, bbox_y2: 20 }
      return { relative_im_path: at, ...box, class: classes.indexOf(label) + 1, test: n % 2 }
    })
    const mat = writeMat({ annotations: { structs }, class_names: { cells: classes } })
    writeFileSync(path.join(folder, 'cars_annos.mat'), mat)
  },
  sop(folder, pictures) {
    const classes = classesOf(pictures)
    const header = 'image_id class_id super_class_id path'
    const rows = pictures.map(({ file, label }, n) => {
      const at = `things_final/${n}.JPG`
      copy(file, path.join(folder, at))
      const id = classes.indexOf(label) + 1
      return { train: id <= classes.length / 2, line: `${n + 1} ${id} 1 ${at}` }
    })
    const part = (train: boolean): string[] =>
      rows.filter((row) => row.train === train).map(({ line }) => line)
    write(folder, 'Ebay_train.txt', [header, ...part(true)])
    write(folder, 'Ebay_test.txt', [header, ...part(false)])
  },
  inshop(folder, pictures) {
    const classes = classesOf(pictures)
    const rows = pictures.map(({ file, label }, n) => {
      const at = `img/WOMEN/${label}/${n}.jpg`
      copy(file, path.join(folder, at))
      const train = classes.indexOf(label) < classes.length / 2
      return `${at} id_${label} ${train ? 'train' : n % 3 === 0 ? 'query' : 'gallery'}`
    })
    write(folder, 'list_eval_partition.txt', [
      String(rows.length),
      'image_name item_id evaluation_status',
      ...rows,
    ])
  },
}

const classesOf = (pictures: readonly SourcePicture[]): string[] => [
  ...new Set(pictures.map(({ label }) => label)),
]

function copy(from: string, to: string): void {
  mkdirSync(path.dirname(to), { recursive: true })
  copyFileSync(from, to)
}

const write = (folder: string, name: string, lines: readonly string[]): void => {
  writeFileSync(path.join(folder, name), `${lines.join('\n')}\n`)
}
