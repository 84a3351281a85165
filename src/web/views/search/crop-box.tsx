import { useRef, useState } from 'preact/hooks'
import type { Crop } from '../../state/address.js'
import { CropSliders } from './crop-sliders.js'

/** Narrower than this was a click, not a box. */
const leastShare = 0.03

/** The picture that is searched with, on which a box can be drawn: what is in it is searched with then. */
export function CropBox(props: {
  src: string
  crop: Crop | null
  onCrop: (box: Crop | null) => void
  /** The server cannot read it either. */
  unreadable: boolean
}) {
  const { src, crop, onCrop, unreadable } = props
  const picture = useRef<HTMLDivElement>(null)
  const [start, setStart] = useState<readonly [number, number] | null>(null)
  const [drawn, setDrawn] = useState<Crop | null>(null)
  const [failed, setFailed] = useState(false)
  const box = drawn ?? crop

  const at = (event: PointerEvent): readonly [number, number] => {
    const { left, top, width, height } = picture.current?.getBoundingClientRect() ?? new DOMRect(0, 0, 1, 1)
    return [share((event.clientX - left) / width), share((event.clientY - top) / height)]
  }
  if (failed)
    return (
      <p class="no-preview">
        This browser cannot show the picture.
        {!unreadable && ' The server may still be able to read it.'}
      </p>
    )
  return (
    <div class="crop">
      <div
        class="crop-picture"
        ref={picture}
        onPointerDown={(event) => {
          if (event.button !== 0) return
          picture.current?.setPointerCapture(event.pointerId)
          setStart(at(event))
        }}
        onPointerMove={(event) => {
          if (start !== null) setDrawn(boxOf(start, at(event)))
        }}
        onPointerUp={() => {
          setStart(null)
          setDrawn(null)
          if (drawn !== null && isLarge(drawn)) onCrop(drawn)
        }}
        onPointerCancel={() => {
          setStart(null)
          setDrawn(null)
        }}
      >
        <img
          src={src}
          alt="Your picture"
          draggable={false}
          onError={() => {
            setFailed(true)
          }}
        />
        {box !== null && (
          <div
            class="crop-frame"
            style={{
              left: `${box[0] * 100}%`,
              top: `${box[1] * 100}%`,
              width: `${(box[2] - box[0]) * 100}%`,
              height: `${(box[3] - box[1]) * 100}%`,
            }}
          />
        )}
      </div>
      <p class="hint">Drag a box around what you are looking for.</p>
      <CropSliders crop={crop} onCrop={onCrop} />
    </div>
  )
}

const share = (value: number): number => Math.min(1, Math.max(0, value))

const boxOf = ([x, y]: readonly [number, number], [u, v]: readonly [number, number]): Crop => [
  Math.min(x, u),
  Math.min(y, v),
  Math.max(x, u),
  Math.max(y, v),
]

const isLarge = ([x0, y0, x1, y1]: Crop): boolean => x1 - x0 >= leastShare && y1 - y0 >= leastShare
