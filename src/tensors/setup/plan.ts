import type { BuildTarget } from './build.js'
import type { Flavour } from './flavour.js'

/** Where libtensorflow comes from on this machine. */
export type BuildPlan = BuildTarget &
  (
    | { readonly source: 'wheel'; readonly wheel: WheelChoice }
    /** The npm package's own installer, and why no wheel serves. */
    | { readonly source: 'package-installer'; readonly because: string }
  )

export interface WheelChoice {
  readonly distribution: 'tensorflow' | 'tensorflow-cpu'
  /** Platform tags, as pip takes them. */
  readonly tags: readonly string[]
}

export interface Machine {
  readonly platform: NodeJS.Platform
  readonly arch: string
  /** The C library is glibc (the Linux wheels are linked against it). */
  readonly glibc: boolean
}

// The first is TensorFlow's own; NVIDIA's libraries, in the CUDA flavour, are built for older systems too.
const linuxTags = (arch: string): string[] => [
  `manylinux_2_27_${arch}`,
  `manylinux_2_17_${arch}`,
  `manylinux2014_${arch}`,
]

/**
 * Chooses the wheel. There is one with CUDA for Linux on x86-64 alone; the wheels for other processors and for macOS
 * are called plainly `tensorflow` and hold no CUDA.
 */
export function planBuild(flavour: Flavour, { platform, arch, glibc }: Machine): BuildPlan {
  const target = { flavour, platform, arch }
  const wheel = (distribution: WheelChoice['distribution'], tags: string[]): BuildPlan => ({
    ...target,
    source: 'wheel',
    wheel: { distribution, tags },
  })
  const none = (because: string): BuildPlan => ({ ...target, source: 'package-installer', because })

  if (platform === 'linux') {
    if (!glibc) return none('TensorFlow publishes no build for Linux without glibc (Alpine)')
    if (arch === 'x64')
      return wheel(flavour === 'cuda' ? 'tensorflow' : 'tensorflow-cpu', linuxTags('x86_64'))
    if (flavour === 'cuda') return none('TensorFlow publishes its CUDA build for x86-64 only')
    if (arch === 'arm64') return wheel('tensorflow', linuxTags('aarch64'))
  }
  if (flavour === 'cuda') return none('TensorFlow publishes its CUDA build for Linux only')
  if (platform === 'darwin' && arch === 'arm64') return wheel('tensorflow', ['macosx_12_0_arm64'])
  if (platform === 'win32')
    return none('setting up a current TensorFlow is not supported on Windows (WSL 2 works)')
  return none(`TensorFlow publishes no current build for ${platform} on ${arch}`)
}

/** Machine this process runs on. */
export function thisMachine(): Machine {
  return { platform: process.platform, arch: process.arch, glibc: process.platform === 'linux' && hasGlibc() }
}

function hasGlibc(): boolean {
  const report: unknown = process.report.getReport()
  if (typeof report !== 'object' || report === null || !('header' in report)) return false
  const { header } = report
  return typeof header === 'object' && header !== null && 'glibcVersionRuntime' in header
}
