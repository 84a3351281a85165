import { html, type Html } from '../../../evaluation/report/html.js'
import { renderPage, sectionLinks } from '../../../evaluation/report/page.js'
import { classesSection } from '../../../evaluation/report/sections/classes.js'
import { examplesSection } from '../../../evaluation/report/sections/examples.js'
import { recallSection } from '../../../evaluation/report/sections/recall.js'
import type { BenchRun } from '../bench-run.js'
import type { Examples } from './gather-examples.js'
import { graphSection } from './graph-section.js'
import { loadSection } from './load-section.js'
import { runSection } from './run-section.js'
import { shownSteps, stepSection } from './step-section.js'
import { benchSummary } from './summary.js'

/** A run as one page with everything in it, drawn with the parts of the page of `kindred evaluate`. */
export function renderBenchReport(run: BenchRun, examples: Examples | null): string {
  const { retrieval, load } = run
  const quality: Html | false =
    retrieval !== null &&
    html`<div class="pair">${recallSection(retrieval)} ${graphSection(retrieval)}</div>
      ${examples !== null && examplesSection(examples)}
      ${retrieval.perClass.length > 0 && classesSection(retrieval)}`
  const speed: Html | false = load !== null && html`${loadSection(load)} ${shownSteps(load).map(stepSection)}`
  return renderPage(
    `${run.collection.name} on ${run.server.url}`,
    html`${benchSummary(run)}
    ${sectionLinks([
      ['recall', 'Recall@K', retrieval !== null],
      ['graph', 'The graph', retrieval !== null],
      ['queries', 'Queries', examples !== null],
      ['classes', 'Classes', (retrieval?.perClass.length ?? 0) > 0],
      ['load', 'Load', load !== null],
      ['settings', 'Settings', true],
    ])}
    ${quality} ${speed} ${runSection(run)}`,
  )
}
