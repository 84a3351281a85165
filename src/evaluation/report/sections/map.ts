import { html, type Html } from '../html.js'
import type { MapPoint } from '../embedding-map.js'
import type { Report } from '../report.js'

const size = 1000
const edge = 20
const mostInLegend = 30

/** Every picture a dot, near ones near each other; a class lights up under the pointer. */
export function mapSection({ map }: Report): Html | false {
  if (map === null) return false
  const byClass = new Map<string, MapPoint[]>()
  for (const point of map.points) {
    const known = byClass.get(point.label)
    if (known === undefined) byClass.set(point.label, [point])
    else known.push(point)
  }
  const classes = [...byClass]
  const place = (share: number): string => (edge + share * (size - 2 * edge)).toFixed(0)
  return html`<section id="map">
    <h2>Map of the embeddings</h2>
    <p class="quiet">
      ${map.points.length < map.of ? `${map.points.length} of ${map.of} pictures` : `All ${map.of} pictures`},
      laid out by UMAP so that near ones stay near; directions and the sizes of gaps mean nothing. Point at a
      dot for its class and file; its class stays, the others fade.
    </p>
    <figure>
      <svg
        class="map"
        viewBox="0 0 ${size} ${Math.round(size * 0.72)}"
        role="img"
        aria-label="Map of the embeddings"
      >
        ${classes.map(
          ([label, points], n) =>
            html`<g fill="${colourOf(n, classes.length)}"
              >${points.map(
                ({ x, y, name }) =>
                  html`<circle cx="${place(x)}" cy="${(edge + y * (size * 0.72 - 2 * edge)).toFixed(0)}" r="6"
                    ><title>${label} – ${name}</title></circle
                  >`,
              )}</g
            >`,
        )}
      </svg>
      ${
        classes.length <= mostInLegend &&
        html`<ul class="legend">
          ${classes.map(([label], n) => html`<li><i style="background:${colourOf(n, classes.length)}"></i>${label}</li>`)}
        </ul>`
      }
    </figure>
  </section>`
}

/** Hues far apart for neighbours in the list, in two lightnesses, readable on light and dark. */
function colourOf(n: number, count: number): string {
  const hue = count <= 12 ? (360 * n) / count : (n * 137.508) % 360
  return `hsl(${hue.toFixed(0)} 68% ${n % 2 === 0 ? 46 : 60}%)`
}
