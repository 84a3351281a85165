import { html, type Html } from '../html.js'
import { percent } from '../numbers.js'
import { plot } from '../plot.js'
import type { TrainingCurves } from '../read-training-log.js'
import type { Report } from '../report.js'

const mostPoints = 240

/** How loss and validation went; nothing where no log was given. */
export function trainingSection({ training }: Report): Html | false {
  if (training === null) return false
  const { loss, validation } = training
  const points = thinOut(loss)
  const highest = Math.max(...points.map(({ y }) => y))
  const lowest = Math.min(0, ...points.map(({ y }) => y))
  const last = loss.at(-1)?.step ?? 1
  const best = validation.findLast((epoch) => epoch.best)
  return html`<section id="training">
    <h2>Training</h2>
    <div class="pair">
      <div>
        <p class="quiet">
          Loss of ${last} steps${loss.length > mostPoints && ', means of neighbouring steps'}.
        </p>
        ${plot(
          'Training loss',
          { label: 'step', low: 0, high: last },
          { label: 'loss', low: lowest, high: highest * 1.05 || 1 },
          [{ name: 'loss', shape: 'line', ink: 1, points }],
        )}
      </div>
      ${
        validation.length > 0 &&
        html`<div>
          <p class="quiet">
            On validation classes after each
            epoch${best !== undefined && `; epoch ${best.epoch} was the best and is the one published`}.
          </p>
          ${validationPlot(validation)}
        </div>`
      }
    </div>
  </section>`
}

function validationPlot(validation: TrainingCurves['validation']): Html {
  const epochs = validation.map(({ epoch }) => epoch)
  const values = validation.flatMap(({ recallAt1, mapAtR }) => [recallAt1, mapAtR])
  const low = Math.max(0, Math.floor(10 * Math.min(...values)) / 10)
  const high = Math.min(1, Math.ceil(10 * Math.max(...values)) / 10)
  const [first = 1, lastEpoch = 1] = [epochs[0], epochs.at(-1)]
  return plot(
    'Validation by epoch',
    {
      label: 'epoch',
      low: first - 0.5,
      high: lastEpoch + 0.5,
      ticks: epochs.filter((_, n) => n % Math.ceil(epochs.length / 12) === 0),
    },
    { label: 'share', low, high: high > low ? high : low + 0.1, format: (share) => percent(share, 0) },
    [
      {
        name: 'Recall@1',
        shape: 'dots',
        ink: 1,
        points: validation.map(({ epoch: x, recallAt1: y }) => ({
          x,
          y,
          title: `epoch ${x}: Recall@1 ${percent(y)}`,
        })),
      },
      {
        name: 'MAP@R',
        shape: 'dots',
        ink: 2,
        points: validation.map(({ epoch: x, mapAtR: y }) => ({
          x,
          y,
          title: `epoch ${x}: MAP@R ${percent(y)}`,
        })),
      },
    ],
  )
}

/** Means of as many neighbouring steps as leave a readable line. */
function thinOut(loss: TrainingCurves['loss']): { x: number; y: number }[] {
  const each = Math.ceil(loss.length / mostPoints)
  const points: { x: number; y: number }[] = []
  for (let start = 0; start < loss.length; start += each) {
    const part = loss.slice(start, start + each)
    const mean = (of: (entry: TrainingCurves['loss'][number]) => number): number =>
      part.reduce((sum, entry) => sum + of(entry), 0) / part.length
    points.push({ x: mean(({ step }) => step), y: mean((entry) => entry.loss) })
  }
  return points
}
