import { readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { renderSvg } from '../src/images/render-svg.js'

/*
 * Draws docs/query-and-answers.jpg, the picture in the README: queries of the demo, and what a running server answers.
 *
 *     npm start            (in one terminal)
 *     npx tsx scripts/draw-answers.ts http://127.0.0.1:8080 index/demo-catalogue
 */
const [url, folder] = process.argv.slice(2)
if (url === undefined || folder === undefined)
  throw new Error('usage: tsx scripts/draw-answers.ts URL FOLDER-OF-THE-DEMO')

const answers = 5
const side = 150
const gap = 12
const rows = 3
const top = 34

const csv = (file: string): string[][] =>
  readFileSync(path.join(folder, file), 'utf8')
    .split('\n')
    .slice(1)
    .filter(Boolean)
    .map((line) => line.split(','))
const pictureOf = new Map(csv('catalogue.csv').map(([id = '', image = '']) => [id, image]))
const queries = csv('queries.csv').map(([file = '']) => file)

const picture = (file: string, x: number, y: number, frame: string): string => {
  const data = readFileSync(path.join(folder, file)).toString('base64')
  return (
    `<image x="${x}" y="${y}" width="${side}" height="${side}" href="data:image/jpeg;base64,${data}"/>` +
    `<rect x="${x}" y="${y}" width="${side}" height="${side}" fill="none" stroke="${frame}" stroke-width="3"/>`
  )
}
const text = (x: number, y: number, content: string, size = 15): string =>
  `<text x="${x}" y="${y}" font-family="sans-serif" font-size="${size}" fill="#333">${content}</text>`

const parts: string[] = [
  text(gap, 23, 'POST this picture', 17),
  text(2 * gap + side + 30, 23, 'and get these, best first', 17),
]
for (let row = 0; row < rows; row++) {
  const query = queries[Math.floor(((row + 0.5) * queries.length) / rows)] ?? ''
  const form = new FormData()
  form.set('image', new Blob([readFileSync(path.join(folder, query))]))
  form.set('k', String(answers))
  const response = await fetch(`${url}/v1/collections/demo/search`, { method: 'POST', body: form })
  const { results } = (await response.json()) as { results: { id: string; score: number; group: string }[] }
  const y = top + row * (side + gap + 22)
  parts.push(picture(query, gap, y, '#333'))
  const product = path.basename(path.dirname(query))
  results.forEach(({ id, score, group }, place) => {
    const x = 2 * gap + side + 30 + place * (side + gap)
    parts.push(picture(pictureOf.get(id) ?? '', x, y, group === product ? '#2a8f4d' : '#c9c9c9'))
    parts.push(text(x, y + side + 17, `${score.toFixed(3)}  ${group}`, 12))
  })
}
const width = 3 * gap + 30 + (answers + 1) * (side + gap) - gap
const height = top + rows * (side + gap + 22)
const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="#fff"/>${parts.join('')}</svg>`
writeFileSync(
  'docs/query-and-answers.jpg',
  await renderSvg(svg, { width, height, format: 'jpeg', quality: 85 }),
)
