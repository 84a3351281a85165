import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { loadBundle } from '../../src/bundles/load-bundle.js'
import { calibrateCommand } from '../../src/cli/calibrate.js'
import { embedCommand } from '../../src/cli/embed.js'
import { evaluateCommand } from '../../src/cli/evaluate.js'
import { indexCommand } from '../../src/cli/index-command.js'
import { searchCommand } from '../../src/cli/search.js'
import { writeColouredSet } from '../evaluation/coloured-set.js'
import { writeTinyBundle } from '../support/tiny-bundle.js'
import { run } from './run.js'

const root = mkdtempSync(path.join(tmpdir(), 'kindred-evaluate-'))
const at = (...parts: string[]): string => path.join(root, ...parts)
const model = ['--model', at('models', 'tiny')]
const classes = ['blue', 'green', 'orange', 'pink', 'red', 'teal', 'violet', 'yellow']

beforeAll(async () => {
  await writeTinyBundle(at('models', 'tiny'))
  await writeColouredSet(at('good'), { classes, each: 5 })
  await writeColouredSet(at('broken'), { classes, each: 3, broken: true })
})
afterAll(() => {
  rmSync(root, { recursive: true, force: true })
})

describe('kindred evaluate', () => {
  it('prints what it measured as JSON, with the K that were asked for', async () => {
    const { out, exitCode } = await run(
      evaluateCommand(),
      ...model,
      '--data',
      at('good'),
      '--recall-at',
      '10,1',
      '--json',
    )
    const evaluation = JSON.parse(out) as { recall: object; perClass: object[] }
    expect(Object.keys(evaluation.recall)).toEqual(['1', '10'])
    expect(evaluation.perClass).toHaveLength(classes.length)
    expect(exitCode).toBeUndefined()
  })

  it('measures embeddings at hand as it measures what it embeds, and refuses those of another set', async () => {
    const vectors = at('vectors.npy')
    await run(embedCommand(), at('good'), ...model, '--output', vectors)
    const figures = async (...args: string[]): Promise<unknown> => {
      const { out } = await run(evaluateCommand(), ...model, ...args, '--json')
      const { recall, mapAtR, nmi } = JSON.parse(out) as Record<string, unknown>
      return { recall, mapAtR, nmi }
    }
    const embedded = await figures('--data', at('good'))
    expect(await figures('--data', at('vectors.csv'), '--embeddings', vectors)).toEqual(embedded)
    const bytes = readFileSync(vectors)
    writeFileSync(at('cut.npy'), bytes.subarray(0, -4))
    writeFileSync(at('double.npy'), Buffer.from(bytes.toString('latin1').replace('<f4', '<f8'), 'latin1'))
    writeFileSync(at('text.npy'), 'no numbers')
    for (const [data, file] of [
      ['broken', 'vectors.npy'],
      ['vectors.csv', 'cut.npy'],
      ['vectors.csv', 'double.npy'],
      ['vectors.csv', 'text.npy'],
      ['vectors.csv', 'absent.npy'],
    ] as const) {
      await expect(figures('--data', at(data), '--embeddings', at(file))).rejects.toMatchObject({
        code: 'INVALID_ARGUMENT',
      })
    }
  })

  it('takes one split to ask and another to look through', async () => {
    const row = (name: string, image: number): string =>
      `good/${name}/${image}.jpg,${name},${image < 2 ? 'photos' : 'catalogue'}\n`
    const rows = classes.flatMap((name) => [0, 1, 2, 3, 4].map((image) => row(name, image)))
    writeFileSync(at('shop.csv'), `path,label,split\n${rows.join('')}`)
    const counts = async (...args: string[]): Promise<unknown> => {
      const { out } = await run(evaluateCommand(), ...model, '--data', at('shop.csv'), ...args, '--json')
      return (JSON.parse(out) as { counts: unknown }).counts
    }
    const asked = ['--split', 'photos', '--gallery']
    expect(await counts(...asked, at('shop.csv'), '--gallery-split', 'catalogue')).toMatchObject({
      queries: 16,
      gallery: 24,
    })
    // As --split where it says nothing, and every picture where it says so, also of a set without splits.
    expect(await counts(...asked, at('shop.csv'))).toMatchObject({ queries: 16, gallery: 16 })
    expect(await counts(...asked, at('shop.csv'), '--gallery-split', 'all')).toMatchObject({ gallery: 40 })
    expect(await counts(...asked, at('good'), '--gallery-split', 'all')).toMatchObject({ gallery: 40 })
    await expect(counts('--gallery-split', 'catalogue')).rejects.toMatchObject({ code: 'INVALID_ARGUMENT' })
    await expect(counts(...asked, at('shop.csv'), '--gallery-split', 'test')).rejects.toMatchObject({
      code: 'DATASET_INVALID',
    })

    const flags = ['--data', at('shop.csv'), ...asked, at('shop.csv'), '--gallery-split', 'catalogue']
    const { out } = await run(calibrateCommand(), ...model, ...flags, '--dry-run', '--json')
    expect(JSON.parse(out)).toMatchObject({ calibration: { gallery: { images: 24, classes: 8 } } })
  })

  it('names skipped pictures and ends as a failure', async () => {
    const { out, err, exitCode } = await run(
      evaluateCommand(),
      ...model,
      '--data',
      at('broken'),
      '--per-class',
    )
    expect(out).toContain('24 queries of 8 classes')
    expect(out).toContain('1 skipped (unreadable)')
    expect(out).toMatch(/Recall@1 +R-precision +MAP@R +queries {2}class\n/)
    expect(err).toMatch(/skipped .*broken\.jpg: IMAGE_UNSUPPORTED/)
    expect(err).toContain('1 picture was left out')
    expect(exitCode).toBe(1)
  })

  it('writes a page where it is told to, folders and all', async () => {
    const file = at('pages', 'one', 'report.html')
    writeFileSync(at('log.jsonl'), '{"event":"step","step":1,"loss":2}\n{"event":"step","step":2,"loss":1}\n')
    const flags = ['--data', at('good'), '--report', file, '--log', at('log.jsonl')]
    const { out } = await run(evaluateCommand(), ...model, ...flags)
    expect(out).toContain(`the page is ${file}`)
    const page = readFileSync(file, 'utf8')
    expect(page).toMatch(/^<!doctype html>\n<html lang="en">/)
    expect(page).toContain('<h2>Training</h2>')
    expect(page).toContain('ONNX Runtime provider')
  })

  it('refuses to crop to boxes that no set gives, and takes those of one of two', async () => {
    const crop = ['--boxes', 'crop']
    await expect(run(evaluateCommand(), ...model, '--data', at('good'), ...crop)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
      message: '--boxes crop means nothing here: there are no boxes in good',
    })
    writeFileSync(at('boxed.csv'), 'path,label,box\ngood/red/0.jpg,red,"0,0,0.5,0.5"\n')
    const boxed = ['--data', at('boxed.csv'), '--gallery', at('good'), '--json']
    const { out } = await run(evaluateCommand(), ...model, ...boxed, ...crop)
    expect(JSON.parse(out)).toMatchObject({ counts: { queries: 1 } })
  })

  it('refuses a wrong log before it embeds anything', async () => {
    const flags = ['--data', at('good'), '--report', at('x.html'), '--log', at('nowhere.jsonl')]
    await expect(run(evaluateCommand(), ...model, ...flags)).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
    expect(readdirSync(root)).not.toContain('x.html')
    await expect(
      run(evaluateCommand(), ...model, '--data', at('good'), '--recall-at', '1,x'),
    ).rejects.toThrow(/positive whole numbers/)
  })
})

describe('kindred embed', () => {
  it('writes a NumPy matrix and a row of CSV for each', async () => {
    const { out, exitCode } = await run(
      embedCommand(),
      at('good'),
      ...model,
      '--output',
      at('out', 'good.npy'),
      '--json',
    )
    expect(JSON.parse(out)).toMatchObject({
      rows: 40,
      dimensions: 16,
      failed: 0,
      rowsFile: at('out', 'good.csv'),
    })
    expect(exitCode).toBeUndefined()
    expect(readdirSync(at('out')).sort()).toEqual(['good.csv', 'good.npy'])
    const lines = readFileSync(at('out', 'good.csv'), 'utf8').trimEnd().split('\n')
    expect(lines[0]).toBe('id,label,path')
    expect(lines[1]).toBe(`${at('good', 'blue', '0.jpg')},blue,${at('good', 'blue', '0.jpg')}`)
    expect(lines).toHaveLength(41)
    expect(readFileSync(at('out', 'good.npy'))).toHaveLength(128 + 40 * 16 * 4)
  })

  it('leaves out what it cannot read, says so and ends as a failure', async () => {
    const { out, err, exitCode } = await run(
      embedCommand(),
      at('broken'),
      ...model,
      '--output',
      at('out', 'broken.npy'),
    )
    expect(out).toContain('24 x 16')
    expect(err).toMatch(/skipped .*broken\.jpg/)
    expect(exitCode).toBe(1)
    expect(readFileSync(at('out', 'broken.csv'), 'utf8')).not.toContain('broken.jpg')
  })

  it('takes a catalogue, whose ids say what each row is, and tells which of its rows it left out', async () => {
    const picture = (name: string): string => `good/${name}/0.jpg`
    const lines = [`b-1,${picture('blue')},x`, `"t,1",${picture('teal')},`, `b-1,${picture('red')},y`]
    writeFileSync(at('catalogue.csv'), ['id,image,colour', ...lines, 'gone,nowhere.jpg,z', ''].join('\n'))
    const { out, err, exitCode } = await run(
      embedCommand(),
      at('catalogue.csv'),
      ...model,
      '--output',
      at('out', 'items.npy'),
      '--json',
    )
    expect(JSON.parse(out)).toMatchObject({ rows: 2, failed: 2 })
    expect(readFileSync(at('out', 'items.csv'), 'utf8')).toBe(
      `id,image\nb-1,${at(picture('blue'))}\n"t,1",${at(picture('teal'))}\n`,
    )
    expect(err).toMatch(/skipped row 4 of .*catalogue\.csv: DATASET_INVALID the id came before, in row 2/)
    expect(err).toMatch(/skipped .*nowhere\.jpg: IMAGE_UNREADABLE/)
    expect(exitCode).toBe(1)
    const bytes = readFileSync(at('out', 'items.npy'))
    await run(embedCommand(), at('good'), ...model, '--output', at('out', 'all.npy'))
    const teal = classes.indexOf('teal') * 5 * 16 * 4
    expect(bytes.subarray(-64)).toEqual(
      readFileSync(at('out', 'all.npy')).subarray(128 + teal, 128 + teal + 64),
    )
  })

  it('takes a folder whose pictures have no class as a catalogue', async () => {
    await run(embedCommand(), at('good', 'red'), ...model, '--output', at('out', 'red.npy'))
    const lines = readFileSync(at('out', 'red.csv'), 'utf8').split('\n')
    expect(lines.slice(0, 2)).toEqual(['id,image', `0.jpg,${at('good', 'red', '0.jpg')}`])
  })

  it('renders drawings only where that is allowed', async () => {
    mkdirSync(at('drawings'))
    writeFileSync(
      at('drawings', 'a.svg'),
      '<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="20" height="40"/></svg>',
    )
    const embed = (...flags: string[]) =>
      run(embedCommand(), at('drawings'), ...model, '--output', at('out', 'drawings.npy'), '--json', ...flags)
    expect(JSON.parse((await embed()).out)).toMatchObject({ rows: 0, failed: 1 })
    expect(JSON.parse((await embed('--allow-svg')).out)).toMatchObject({ rows: 1, failed: 0 })
  })

  it('says of what is neither a set nor a catalogue that it is neither', async () => {
    writeFileSync(at('columns.csv'), 'name,file\na,b.jpg\n')
    writeFileSync(at('text.txt'), 'no "table\n')
    mkdirSync(at('empty'))
    for (const source of ['columns.csv', 'text.txt', 'empty']) {
      await expect(
        run(embedCommand(), at(source), ...model, '--output', at('out', 'x.npy')),
      ).rejects.toMatchObject({
        code: 'DATASET_INVALID',
        message: expect.stringContaining('is neither a labelled set nor a catalogue') as string,
      })
    }
    // Who says how the labels are written means a set.
    await expect(
      run(embedCommand(), at('catalogue.csv'), ...model, '--label-column', 'colour', '--output', at('x.npy')),
    ).rejects.toThrow('no column "path"')
  })

  it('takes only a name that ends in .npy', async () => {
    await expect(run(embedCommand(), at('good'), ...model, '--output', at('x.bin'))).rejects.toMatchObject({
      code: 'INVALID_ARGUMENT',
    })
  })
})

describe('kindred calibrate', () => {
  it('keeps the calibration in the bundle, whose embeddings stay comparable, and search then tells probabilities', async () => {
    const before = await loadBundle(at('models', 'tiny'))
    const store = ['--store', at('index'), '--models', at('models')]
    await run(indexCommand(), at('good'), '--collection', 'colours', ...model, ...store)
    const query = at('good', 'red', '0.jpg')
    const search = () => run(searchCommand(), query, '--collection', 'colours', ...store)
    expect((await search()).out).toMatch(/^1\.000 {2}red\/0\.jpg/)

    const tried = await run(calibrateCommand(), ...model, '--data', at('good'), '--dry-run')
    expect(tried.out).toContain('not written')
    expect(await loadBundle(at('models', 'tiny'))).toEqual(before)

    const { out, exitCode } = await run(calibrateCommand(), ...model, '--data', at('good'))
    expect(out).toMatch(
      /(isotonic|logistic) calibration, gallery of 40 pictures in 8 classes \(5\.0 a class\)/,
    )
    expect(out).toContain('written to its model.json')
    expect(exitCode).toBeUndefined()
    const { manifest, model: name } = await loadBundle(at('models', 'tiny'))
    expect(name).toBe(before.model)
    expect(manifest).toEqual({ ...before.manifest, calibration: manifest.calibration })
    expect(manifest.calibration).toMatchObject({
      data: 'good',
      gallery: { images: 40, classes: 8, imagesPerClass: 5 },
    })

    expect((await search()).out).toMatch(/^1\.000 {2} *\d+ % {2}red\/0\.jpg/)
    const { out: json } = await run(searchCommand(), query, '--collection', 'colours', ...store, '--json')
    const { results } = JSON.parse(json) as { results: { probability: number }[] }
    const chances = results.map(({ probability }) => probability)
    expect(chances).toEqual([...chances].sort((a, b) => b - a))
    expect(chances.every((chance) => chance > 0 && chance < 1)).toBe(true)
  })

  it('names skipped pictures and ends as a failure, though it calibrates', async () => {
    const { out, err, exitCode } = await run(calibrateCommand(), ...model, '--data', at('broken'), '--json')
    expect(JSON.parse(out)).toMatchObject({ written: true, calibration: { gallery: { images: 24 } } })
    expect(err).toMatch(/skipped .*broken\.jpg/)
    expect(exitCode).toBe(1)
  })
})
