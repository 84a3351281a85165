import { html, trusted, type Html } from './html.js'
import type { Report } from './report.js'
import { calibrationSection } from './sections/calibration.js'
import { classesSection } from './sections/classes.js'
import { examplesSection } from './sections/examples.js'
import { mapSection } from './sections/map.js'
import { recallSection } from './sections/recall.js'
import { scoresSection } from './sections/scores.js'
import { settingsSection } from './sections/settings.js'
import { summary } from './sections/summary.js'
import { trainingSection } from './sections/training.js'
import { script, style } from './style.js'

/** One page with everything in it: style, script and pictures. It asks no other file and no server for anything. */
export function renderReport(report: Report): string {
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta
        http-equiv="Content-Security-Policy"
        content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
      />
      <link rel="icon" href="data:," />
      <title>${report.manifest.name} on ${report.evaluation.data}</title>
      <style>
        ${trusted(style)}
      </style>
    </head>
    <body>
      <main>
        ${summary(report)} ${contents(report)}
        <div class="pair">${recallSection(report)} ${scoresSection(report)}</div>
        ${calibrationSection(report)} ${examplesSection(report)} ${mapSection(report)}
        ${classesSection(report)} ${trainingSection(report)} ${settingsSection(report)}
      </main>
      <script>
        ${trusted(script)}
      </script>
    </body>
  </html>`
  return `<!doctype html>\n${page.markup}\n`
}

function contents({ training, map }: Report): Html {
  const links: [string, string, boolean][] = [
    ['recall', 'Recall@K', true],
    ['scores', 'Scores', true],
    ['calibration', 'Calibration', true],
    ['queries', 'Queries', true],
    ['map', 'Map', map !== null],
    ['classes', 'Classes', true],
    ['training', 'Training', training !== null],
    ['settings', 'Settings', true],
  ]
  return html`<nav aria-label="Sections">
    ${links.map(([id, name, shown]) => shown && html`<a href="#${id}">${name}</a>`)}
  </nav>`
}
