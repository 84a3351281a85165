import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { librariesFolder, packageFolder } from './build.js'
import { TENSORFLOW_VERSION, WHEEL_PYTHON } from './pins.js'
import type { WheelChoice } from './plan.js'
import { ask, runCommand, type CommandContext } from './run-command.js'

/** Fetches wheels with pip, for the Python they were made for rather than the one that is here. */
export async function downloadWheels(
  python: string,
  requirements: readonly string[],
  tags: readonly string[],
  folder: string,
  context: CommandContext,
): Promise<void> {
  const pip = [
    '-m',
    'pip',
    'download',
    '--no-deps',
    '--only-binary=:all:',
    '--no-cache-dir',
    '--progress-bar=off',
  ]
  const target = [
    '--implementation=cp',
    `--python-version=${WHEEL_PYTHON}`,
    ...tags.map((tag) => `--platform=${tag}`),
  ]
  await runCommand(
    python,
    [...pip, '--disable-pip-version-check', ...target, `--dest=${folder}`, ...requirements],
    context,
  )
}

export const tensorflowRequirement = ({ distribution }: WheelChoice): string =>
  `${distribution}==${TENSORFLOW_VERSION}`

/** Members of a wheel that are wanted: the C API with its headers, NVIDIA's libraries, and the metadata. */
const WANTED = [
  'tensorflow/libtensorflow_',
  ...['tensorflow/c/', 'tensorflow/core/platform/', 'tsl/platform/', 'xla/tsl/c/'].map(
    (part) => `tensorflow/include/${part}`,
  ),
  'nvidia/',
]

// Wheels are zip files, and python3 is here anyway to fetch them. Modes matter: ptxas has to stay executable.
const UNPACK = `
import os, sys, zipfile
target, wheels, wanted = sys.argv[1], sys.argv[2], tuple(sys.argv[3:])
for wheel in sorted(os.listdir(wheels)):
    with zipfile.ZipFile(os.path.join(wheels, wheel)) as archive:
        for member in archive.infolist():
            name = member.filename
            kept = name.startswith(wanted) and not (name.startswith('nvidia/') and '/include/' in name)
            if kept or name.endswith('.dist-info/METADATA'):
                path = archive.extract(member, target)
                mode = member.external_attr >> 16 & 0o777
                if mode and not member.is_dir():
                    os.chmod(path, mode | 0o600)
`

/** Unpacks what is needed of all wheels in a folder into `folder/unpacked`, and deletes the wheels. */
export async function unpackWheels(
  python: string,
  wheels: string,
  unpacked: string,
  context: CommandContext,
): Promise<void> {
  await runCommand(python, ['-c', UNPACK, unpacked, wheels, ...WANTED], context)
  await rm(wheels, { recursive: true })
}

/** The packages of NVIDIA's libraries that this TensorFlow names in its `and-cuda` extra, as pip requirements. */
export function cudaRequirements(metadata: string): string[] {
  return [...metadata.matchAll(/^Requires-Dist: ([^;\n]+);\s*extra == ["']and-cuda["']/gm)].flatMap(
    ([, requirement]) => (requirement === undefined ? [] : [requirement.replaceAll(/[\s()]/g, '')]),
  )
}

export async function readCudaRequirements(unpacked: string): Promise<string[]> {
  const name = (await readdir(unpacked)).find((entry) => /^tensorflow-.*\.dist-info$/.test(entry))
  return name === undefined
    ? []
    : cudaRequirements(await readFile(path.join(unpacked, name, 'METADATA'), 'utf8'))
}

/**
 * Puts the unpacked parts where the binding looks: `deps/lib`, `deps/include`, and `deps/nvidia`, since libtensorflow
 * searches CUDA's libraries in `$ORIGIN/../nvidia/NAME/lib` (its RUNPATH).
 */
export async function placeLibraries(unpacked: string, folder: string, withCuda: boolean): Promise<void> {
  const deps = path.dirname(librariesFolder(folder))
  const libraries = librariesFolder(folder)
  await mkdir(libraries, { recursive: true })
  for (const name of await readdir(path.join(unpacked, 'tensorflow'))) {
    if (name.startsWith('libtensorflow_'))
      await rename(path.join(unpacked, 'tensorflow', name), path.join(libraries, name))
  }
  await rename(path.join(unpacked, 'tensorflow', 'include'), path.join(deps, 'include'))
  if (withCuda) await rename(path.join(unpacked, 'nvidia'), path.join(deps, 'nvidia'))
  await rm(unpacked, { recursive: true })
}

/** Drops the symbol tables that only a debugger reads (a quarter of the library), where `strip` is here. */
export async function stripLibraries(folder: string, context: CommandContext): Promise<void> {
  if (process.platform !== 'linux' || (await ask('strip', ['--version'], context.env)) === undefined) return
  for (const name of await readdir(librariesFolder(folder)))
    await runCommand('strip', ['--strip-unneeded', path.join(librariesFolder(folder), name)], {
      ...context,
      cwd: packageFolder(folder),
    })
}
