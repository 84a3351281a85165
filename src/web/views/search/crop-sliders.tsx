import type { Crop } from '../../state/address.js'

const whole: Crop = [0, 0, 1, 1]
const edges = ['Left', 'Top', 'Right', 'Bottom'] as const
/** Edges stay this far apart, in hundredths. */
const least = 5

/** The edges of the box, for who does not use a pointer. */
export function CropSliders({ crop, onCrop }: { crop: Crop | null; onCrop: (box: Crop | null) => void }) {
  const box = crop ?? whole
  const move = (edge: number, hundredths: number) => {
    const next = box.map((share) => Math.round(share * 100))
    const opposite = next[(edge + 2) % 4] ?? 0
    next[edge] = edge < 2 ? Math.min(hundredths, opposite - least) : Math.max(hundredths, opposite + least)
    const [x0 = 0, y0 = 0, x1 = 100, y1 = 100] = next
    onCrop([x0 / 100, y0 / 100, x1 / 100, y1 / 100])
  }
  return (
    <details class="crop-sliders">
      <summary>Set the box with sliders</summary>
      {edges.map((name, edge) => (
        <label key={name} class="field">
          {name} edge
          <input
            type="range"
            min={0}
            max={100}
            value={Math.round((box[edge] ?? 0) * 100)}
            onChange={(event) => {
              move(edge, event.currentTarget.valueAsNumber)
            }}
          />
        </label>
      ))}
      <button
        type="button"
        disabled={crop === null}
        onClick={() => {
          onCrop(null)
        }}
      >
        Whole picture
      </button>
    </details>
  )
}
