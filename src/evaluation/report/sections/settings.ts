import type { BundleManifest } from '../../../bundles/manifest.js'
import { factsTable } from '../facts-table.js'
import { html, type Html } from '../html.js'
import type { Report } from '../report.js'

/** Where it was measured, and what the model is and was made with. */
export function settingsSection({ manifest, environment }: Report): Html {
  return html`<section id="settings" class="long">
    <h2>Settings</h2>
    <div class="pair">
      <div>
        <h3>This measurement</h3>
        ${factsTable(environment)}
      </div>
      <div>
        <h3>The model</h3>
        ${factsTable(modelFacts(manifest))}
      </div>
    </div>
    ${
      manifest.training === null
        ? html`<p class="quiet">The network is used as it was published; it was not trained by kindred.</p>`
        : html`<details>
            <summary>How it was trained</summary>
            ${factsTable(flatten(manifest.training))}
          </details>`
    }
  </section>`
}

function modelFacts({
  architecture,
  embedding,
  input,
  data,
  licence,
  fingerprint,
  createdAt,
}: BundleManifest): [string, string][] {
  return [
    ['Network', `${architecture.backbone}, ${architecture.pooling} pooling`],
    ['Embedding', `${embedding.dimensions} values`],
    ['Input', `${input.width} x ${input.height} pixels, ${input.fit}, ${input.kernel}`],
    ['Fingerprint', fingerprint],
    ['Made', createdAt],
    [
      'Learned from',
      data.map((set) => `${set.name} (${set.images} pictures, ${set.classes} classes)`).join('; ') ||
        'nothing',
    ],
    ['Licence', licence.spdx],
  ]
}

/** Nested settings as dotted names. */
function flatten(settings: Readonly<Record<string, unknown>>, before = ''): [string, string][] {
  return Object.entries(settings).flatMap(([name, value]): [string, string][] => {
    const key = before + name
    if (Array.isArray(value) && value.every((entry) => typeof entry !== 'object' || entry === null)) {
      return [[key, value.map(String).join(', ')]]
    }
    if (typeof value === 'object' && value !== null) return flatten({ ...value }, `${key}.`)
    return [[key, String(value)]]
  })
}
