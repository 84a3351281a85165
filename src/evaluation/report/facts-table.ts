import { html, type Html } from './html.js'

/** Names and values, a row each. */
export const factsTable = (rows: readonly (readonly [string, string])[]): Html =>
  html`<table>
    <tbody>
      ${rows.map(
        ([name, value]) =>
          html`<tr>
            <td class="key-cell">${name}</td>
            <td>${value}</td>
          </tr>`,
      )}
    </tbody>
  </table>`
