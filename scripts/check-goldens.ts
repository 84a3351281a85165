import { toKindredError } from '../src/errors.js'
import { evaluateCase } from './check-goldens/evaluate-case.js'
import { readGoldenCases, type GoldenCase } from './check-goldens/golden-file.js'
import { metricErrors } from './check-goldens/golden-metrics.js'

const tolerance = 1e-5

/** Prints the largest errors of a case. @returns whether it is within the tolerance */
function check(golden: GoldenCase, number: number): boolean {
  const params = Object.entries(golden.params).map(([name, value]) => `${name}=${String(value)}`)
  const title = `${String(number).padStart(3)} ${golden.loss} (${params.join(' ')})`
  try {
    const { value, gradients } = evaluateCase(golden)
    const errors = [value, ...Object.values(gradients)]
    // Not `some(error > tolerance)`: an error that is NaN fails too.
    const passed = errors.every((error) => error <= tolerance)
    const shown = Object.entries(gradients).map(([name, error]) => `d ${name} ${error.toExponential(1)}`)
    const line = [`value ${value.toExponential(1)}`, ...shown].join(', ')
    process.stdout.write(`${passed ? 'ok  ' : 'FAIL'} ${title}: ${line}\n`)
    return passed
  } catch (thrown) {
    process.stdout.write(`FAIL ${title}: not evaluated: ${toKindredError(thrown).message}\n`)
    return false
  }
}

/** As `check`, of the retrieval metrics of a folder that has any. */
async function checkMetrics(folder: string): Promise<boolean> {
  const errors = await metricErrors(folder)
  if (errors === null) return true
  const entries = Object.entries(errors)
  const passed = entries.every(([, error]) => error <= tolerance)
  const shown = entries.map(([name, error]) => `${name} ${error.toExponential(1)}`).join(', ')
  process.stdout.write(`${passed ? 'ok  ' : 'FAIL'}     metrics: ${shown}\n`)
  return passed
}

/**
 * `npm run check:goldens -- FOLDER`: holds every loss of FOLDER/losses.json, and the metrics of FOLDER/metrics.json
 * where there is one, against their reference values.
 */
async function main([folder]: readonly string[]): Promise<boolean> {
  if (folder === undefined) {
    process.stderr.write(
      'usage: npm run check:goldens -- FOLDER (which has losses.json, and may have metrics.json)\n',
    )
    return false
  }
  const results = readGoldenCases(folder).map((golden, at) => check(golden, at + 1))
  const failed = results.filter((passed) => !passed).length
  process.stdout.write(
    `${results.length - failed} of ${results.length} cases within ${tolerance} of the reference\n`,
  )
  return (await checkMetrics(folder)) && failed === 0
}

try {
  if (!(await main(process.argv.slice(2)))) process.exitCode = 1
} catch (thrown) {
  process.stderr.write(`${toKindredError(thrown).message}\n`)
  process.exitCode = 1
}
