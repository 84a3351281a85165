// Bundles the page of the server (src/web) into dist/web: one script and one style sheet, named by the hash of what is in
// them, and index.html, which names them. Plain JavaScript, because it runs before anything is built.
import { build } from 'esbuild'
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const root = path.resolve(import.meta.dirname, '..')
const source = path.join(root, 'src/web')
const target = path.join(root, 'dist/web')

/** Makes dist/web anew. @returns what esbuild tells of the files it wrote */
export async function buildWeb() {
  rmSync(target, { recursive: true, force: true })
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: [path.join(source, 'main.tsx'), path.join(source, 'style/page.css')],
    outdir: path.join(target, 'assets'),
    entryNames: '[name]-[hash]',
    bundle: true,
    minify: true,
    format: 'esm',
    // Two years of browsers, and Safari 16.4.
    target: ['chrome115', 'firefox115', 'safari16.4'],
    // The folder's own tsconfig.json says that JSX is Preact's.
    tsconfig: path.join(source, 'tsconfig.json'),
    metafile: true,
    logLevel: 'warning',
  })
  const named = (suffix) => {
    const [file] = Object.keys(metafile.outputs).filter((output) => output.endsWith(suffix))
    return path.posix.relative('dist/web', file)
  }
  mkdirSync(target, { recursive: true })
  const html = readFileSync(path.join(source, 'index.html'), 'utf8')
    .replace('main.js', named('.js'))
    .replace('page.css', named('.css'))
  writeFileSync(path.join(target, 'index.html'), html)
  // The bundle holds Preact, whose licence wants to go with it.
  writeFileSync(
    path.join(target, 'NOTICE.txt'),
    `The script in assets/ contains Preact (https://preactjs.com):\n\n${readFileSync(path.join(root, 'node_modules/preact/LICENSE'), 'utf8')}`,
  )
  return metafile
}

if (process.argv[1] === import.meta.filename) await buildWeb()
