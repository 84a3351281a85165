import { html, type Html } from './html.js'
import { renderPage, sectionLinks } from './page.js'
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

/** One page with everything in it: style, script and pictures. It asks no other file and no server for anything. */
export function renderReport(report: Report): string {
  return renderPage(
    `${report.manifest.name} on ${report.evaluation.data}`,
    html`${summary(report)} ${contents(report)}
      <div class="pair">${recallSection(report.evaluation)} ${scoresSection(report)}</div>
      ${calibrationSection(report)} ${examplesSection(report)} ${mapSection(report)}
      ${classesSection(report.evaluation)} ${trainingSection(report)} ${settingsSection(report)}`,
  )
}

const contents = ({ training, map }: Report): Html =>
  sectionLinks([
    ['recall', 'Recall@K', true],
    ['scores', 'Scores', true],
    ['calibration', 'Calibration', true],
    ['queries', 'Queries', true],
    ['map', 'Map', map !== null],
    ['classes', 'Classes', true],
    ['training', 'Training', training !== null],
    ['settings', 'Settings', true],
  ])
