type SetupProgress =
  | { readonly kind: 'step'; readonly step: number; readonly of: number; readonly what: string }
  | {
      readonly kind: 'done'
      readonly step: number
      readonly of: number
      readonly what: string
      readonly seconds: number
    }
  | { readonly kind: 'note'; readonly text: string }

export type OnProgress = (progress: SetupProgress) => void

/** Counts the steps of a way to build, and times each. */
export function stepCounter(
  of: number,
  onProgress: OnProgress,
): <T>(what: string, work: () => Promise<T>) => Promise<T> {
  let step = 0
  return async (what, work) => {
    step += 1
    const at = { step, of, what }
    onProgress({ kind: 'step', ...at })
    const started = performance.now()
    try {
      const result = await work()
      onProgress({ kind: 'done', ...at, seconds: (performance.now() - started) / 1000 })
      return result
    } catch (error) {
      onProgress({ kind: 'note', text: `[${step}/${of}] ${what}: failed` })
      throw error
    }
  }
}

interface Terminal {
  readonly isTTY?: boolean
  write(text: string): unknown
}

/** Shows progress: one line a step, whose seconds tick on a terminal. */
export function showProgress(stream: Terminal): OnProgress {
  let ticking: NodeJS.Timeout | undefined
  const stop = (): void => {
    clearInterval(ticking)
    if (ticking && stream.isTTY === true) stream.write('\r\u001b[K')
    ticking = undefined
  }
  return (progress) => {
    stop()
    if (progress.kind === 'note') {
      stream.write(`${progress.text}\n`)
      return
    }
    const label = `[${progress.step}/${progress.of}] ${progress.what}`
    if (progress.kind === 'done') {
      stream.write(`${label}: ${progress.seconds.toFixed(1)} s\n`)
    } else if (stream.isTTY === true) {
      const started = performance.now()
      const show = (): void => {
        stream.write(`\r${label} ... ${Math.round((performance.now() - started) / 1000)} s`)
      }
      show()
      ticking = setInterval(show, 1000).unref()
    } else {
      stream.write(`${label} ...\n`)
    }
  }
}
