import { html, type Html } from './html.js'
import { niceTicks } from './numbers.js'

export interface Axis {
  readonly label: string
  readonly low: number
  readonly high: number
  /** Where lines and figures stand; round numbers where absent. */
  readonly ticks?: readonly number[]
  readonly format?: (value: number) => string
}

export interface Series {
  readonly name: string
  /** Line, filled bars up to the point, or dots joined by a thin line. */
  readonly shape: 'line' | 'bars' | 'dots'
  /** Which of the page's colours, and of its dash patterns, so that print and colour-blind eyes tell series apart. */
  readonly ink: 1 | 2
  readonly points: readonly { readonly x: number; readonly y: number; readonly title?: string }[]
  /** Drawn behind a point, from low to high. */
  readonly whiskers?: readonly { readonly x: number; readonly low: number; readonly high: number }[]
}

const [width, height] = [640, 316]
const margin = { left: 64, right: 26, top: 34, bottom: 50 }
const inner = { width: width - margin.left - margin.right, height: height - margin.top - margin.bottom }

/** A chart as inline SVG that scales with the page; `title` is what a screen reader says. */
export function plot(
  title: string,
  x: Axis,
  y: Axis,
  series: readonly Series[],
  extra: PlotExtra = {},
): Html {
  const toX = (value: number): number => margin.left + ((value - x.low) / (x.high - x.low)) * inner.width
  const toY = (value: number): number =>
    margin.top + inner.height - ((value - y.low) / (y.high - y.low)) * inner.height
  const floor = margin.top + inner.height
  return html`<figure class="plot">
    <svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}">
      <g class="grid">
        ${(y.ticks ?? niceTicks(y.low, y.high)).map(
          (tick) =>
            html`<line
                x1="${margin.left}"
                x2="${width - margin.right}"
                y1="${px(toY(tick))}"
                y2="${px(toY(tick))}"
              />
              <text x="${margin.left - 8}" y="${px(toY(tick) + 4)}" text-anchor="end"
                >${(y.format ?? String)(tick)}</text
              >`,
        )}
        ${(x.ticks ?? niceTicks(x.low, x.high, 8)).map(
          (tick) =>
            html`<text x="${px(toX(tick))}" y="${floor + 18}" text-anchor="middle"
              >${(x.format ?? String)(tick)}</text
            >`,
        )}
        <line class="axis" x1="${margin.left}" x2="${width - margin.right}" y1="${floor}" y2="${floor}" />
        <text x="${margin.left + inner.width / 2}" y="${height - 6}" text-anchor="middle">${x.label}</text>
        <text x="0" y="15">${y.label}</text>
      </g>
      ${
        extra.diagonal === true &&
        html`<line
          class="ideal"
          x1="${px(toX(x.low))}"
          y1="${px(toY(y.low))}"
          x2="${px(toX(x.high))}"
          y2="${px(toY(y.high))}"
        />`
      }
      ${series.map((each) => drawSeries(each, toX, toY, floor, extra.barWidth ?? 0))}
    </svg>
    ${
      series.length > 1 &&
      html`<figcaption>
        ${series.map(({ name, ink, shape }) => html`<span class="key"><i class="swatch ${shape} ink${ink}"></i>${name}</span>`)}
      </figcaption>`
    }
  </figure>`
}

interface PlotExtra {
  /** Width of a bar on the x axis. */
  readonly barWidth?: number
  /** The line of x = y. */
  readonly diagonal?: boolean
}

function drawSeries(
  { shape, ink, points, whiskers = [] }: Series,
  toX: (value: number) => number,
  toY: (value: number) => number,
  floor: number,
  barWidth: number,
): Html {
  const titled = (title: string | undefined): Html | false =>
    title !== undefined && html`<title>${title}</title>`
  if (shape === 'bars') {
    const wide = toX(barWidth) - toX(0)
    return html`<g class="bars ink${ink}">
      ${points.map(
        ({ x, y, title }) =>
          html`<rect x="${px(toX(x))}" y="${px(toY(y))}" width="${px(wide)}" height="${px(floor - toY(y))}"
            >${titled(title)}</rect
          >`,
      )}
    </g>`
  }
  const line = points.map(({ x, y }) => `${px(toX(x))},${px(toY(y))}`).join(' ')
  return html`<g class="${shape} ink${ink}">
    ${whiskers.map(
      ({ x, low, high }) =>
        html`<path
          d="M${px(toX(x))} ${px(toY(low))}V${px(toY(high))}m-5 0h10M${px(toX(x) - 5)} ${px(toY(low))}h10"
        />`,
    )}
    <polyline points="${line}" />
    ${
      shape === 'dots' &&
      points.map(
        ({ x, y, title }) =>
          html`<circle cx="${px(toX(x))}" cy="${px(toY(y))}" r="4.5">${titled(title)}</circle>`,
      )
    }
  </g>`
}

/** Tenths of a pixel are enough. */
const px = (value: number): string => String(Math.round(value * 10) / 10)
