import { useEffect, useRef, useState } from 'preact/hooks'
import { useSession } from '../state/session.js'

/** The picture of an item, fetched with the key once it comes near the screen. Its text is said beside it. */
export function Picture({ collection, id }: { collection: string; id: string }) {
  const { pictures } = useSession()
  const [url, setUrl] = useState<string | null>(null)
  const [missing, setMissing] = useState(false)
  const frame = useRef<HTMLSpanElement>(null)
  useEffect(() => {
    const element = frame.current
    if (element === null) return
    let gone = false
    setUrl(null)
    setMissing(false)
    const watcher = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return
        watcher.disconnect()
        pictures.get(collection, id).then(
          (got) => {
            if (!gone) setUrl(got)
          },
          () => {
            if (!gone) setMissing(true)
          },
        )
      },
      { rootMargin: '300px' },
    )
    watcher.observe(element)
    return () => {
      gone = true
      watcher.disconnect()
    }
  }, [pictures, collection, id])
  return (
    <span class="picture" ref={frame}>
      {url !== null && <img src={url} alt="" />}
      {missing && <span class="no-picture">no picture kept</span>}
    </span>
  )
}
