import { statfs } from 'node:fs/promises'
import type { Environment } from './cache-folder.js'
import type { BuildPlan } from './plan.js'
import { ask } from './run-command.js'

/** The tools found here, and what is missing. */
export interface Prerequisites {
  readonly python: string | undefined
  readonly compiler: string | undefined
  readonly missing: readonly Missing[]
}

export type Missing = 'python3' | 'pip' | 'compiler'

/** Asks for python3, its pip and a C++ compiler: a second's work, done before anything is fetched. */
export async function findPrerequisites(env: Environment): Promise<Prerequisites> {
  const [python, pip, compiler] = await Promise.all([
    firstThatAnswers(['python3', 'python'], ['-c', 'import sys; assert sys.version_info >= (3, 6)'], env),
    firstThatAnswers(['python3', 'python'], ['-m', 'pip', '--version'], env),
    firstThatAnswers([env['CXX'] ?? '', 'c++', 'g++', 'clang++'], ['--version'], env),
  ])
  const missing: Missing[] = []
  if (!python) missing.push('python3')
  if (!pip) missing.push('pip')
  if (!compiler) missing.push('compiler')
  return { python: pip, compiler, missing }
}

const names: Record<Missing, string> = {
  python3: 'python3',
  pip: 'pip for python3',
  compiler: 'a C++ compiler (g++ or clang++)',
}
const aptPackages: Record<Missing, string> = { python3: 'python3', pip: 'python3-pip', compiler: 'g++' }

/** "Missing here: pip for python3. Get it with: sudo apt-get install python3-pip". Empty where nothing is missing. */
export function describeMissing(missing: readonly Missing[], platform: NodeJS.Platform): string {
  if (missing.length === 0) return ''
  const what = missing.map((tool) => names[tool]).join(', ')
  return `Missing here: ${what}. Get ${missing.length === 1 ? 'it' : 'them'} with: ${install(missing, platform)}`
}

function install(missing: readonly Missing[], platform: NodeJS.Platform): string {
  if (platform === 'darwin') {
    const python = missing.includes('python3') || missing.includes('pip') ? ['brew install python'] : []
    const compiler = missing.includes('compiler') ? ['xcode-select --install'] : []
    return [...python, ...compiler].join(' && ')
  }
  return `sudo apt-get install ${missing.map((tool) => aptPackages[tool]).join(' ')} (or your system's packages of these names)`
}

const GB = 1e9
/** Room that a build takes while it is made: the wheels, what is unpacked from them, the npm packages. */
const roomNeeded = { cpu: 2 * GB, cuda: 12 * GB }

/** A sentence about too little room on the disk; undefined where there is enough. */
export async function describeMissingRoom(folder: string, plan: BuildPlan): Promise<string | undefined> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  const needed = roomNeeded[plan.flavour]
  if (free >= needed) return undefined
  return `Setting up TensorFlow takes ${needed / GB} GB of disk while it runs, and ${folder} has ${(free / GB).toFixed(1)} GB free. KINDRED_CACHE names another folder.`
}

async function firstThatAnswers(
  commands: readonly string[],
  args: readonly string[],
  env: Environment,
): Promise<string | undefined> {
  for (const command of commands)
    if (command !== '' && (await ask(command, args, env)) !== undefined) return command
  return undefined
}
