import type { CropBox } from '../images/crop-box.js'

/** A picture whose class is known. */
export interface LabelledImage {
  /** Absolute path of the picture. */
  readonly path: string
  readonly label: string
  readonly split?: string
  /** Roles where queries and gallery are apart (evaluation); absent where the set does not say. */
  readonly isQuery?: boolean
  readonly isGallery?: boolean
  /** The part of the picture that counts. */
  readonly box?: CropBox
}

export interface LabelledSet {
  readonly name: string
  readonly images: readonly LabelledImage[]
}

/**
 * The set's classes in the house's order: by number where every label is a whole number (so 2 comes before 10),
 * by code unit otherwise, which is the same on every machine and in every language.
 */
export function classesOf(set: LabelledSet): string[] {
  const labels = [...new Set(set.images.map((image) => image.label))]
  return areNumeric(labels) ? labels.sort((a, b) => Number(a) - Number(b)) : labels.sort()
}

/** Whether labels are ids: all of them whole numbers. */
export function areNumeric(labels: readonly string[]): boolean {
  return labels.every((label) => /^\d{1,15}$/.test(label))
}

/** Indexes of the set's images by label, in the order of `classesOf`. */
export function indexesByClass(set: LabelledSet): Map<string, number[]> {
  const byClass = new Map(classesOf(set).map((label) => [label, [] as number[]]))
  set.images.forEach((image, index) => byClass.get(image.label)?.push(index))
  return byClass
}

/**
 * One set out of several, labels kept apart by set (`grocery:12`, `clothing:Hat`); a set alone keeps its labels.
 * Sets of the same name get a number (`shoes`, `shoes-2`).
 */
export function combineSets(sets: readonly LabelledSet[]): LabelledSet {
  const [only] = sets
  if (only !== undefined && sets.length === 1) return only
  const named = distinctNames(sets)
  return {
    name: named.map((set) => set.name).join('+'),
    images: named.flatMap((set) =>
      set.images.map((image) => ({ ...image, label: `${set.name}:${image.label}` })),
    ),
  }
}

/** Sets of the same name get a number (`shoes`, `shoes-2`). */
export function distinctNames(sets: readonly LabelledSet[]): LabelledSet[] {
  const taken = new Set<string>()
  return sets.map((set) => {
    let name = set.name
    for (let n = 2; taken.has(name); n++) name = `${set.name}-${n}`
    taken.add(name)
    return { ...set, name }
  })
}
