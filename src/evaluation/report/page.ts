import { html, trusted, type Html } from './html.js'
import { script, style } from './style.js'

/** One page with everything in it: style, script and pictures. It asks no other file and no server for anything. */
export function renderPage(title: string, main: Html): string {
  const page = html`<html lang="en">
    <head>
      <meta charset="utf-8" />
      <meta name="viewport" content="width=device-width, initial-scale=1" />
      <meta
        http-equiv="Content-Security-Policy"
        content="default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
      />
      <link rel="icon" href="data:," />
      <title>${title}</title>
      <style>
        ${trusted(style)}
      </style>
    </head>
    <body>
      <main>${main}</main>
      <script>
        ${trusted(script)}
      </script>
    </body>
  </html>`
  return `<!doctype html>\n${page.markup}\n`
}

/** Links to the sections that are shown: id, name, whether. */
export const sectionLinks = (links: readonly (readonly [string, string, boolean])[]): Html =>
  html`<nav aria-label="Sections">
    ${links.map(([id, name, shown]) => shown && html`<a href="#${id}">${name}</a>`)}
  </nav>`
