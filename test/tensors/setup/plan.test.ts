import { chmod, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { compilerArguments } from '../../../src/tensors/setup/compile-binding.js'
import { cudaRequirements, tensorflowRequirement } from '../../../src/tensors/setup/libtensorflow.js'
import { hasNvidiaGpu } from '../../../src/tensors/setup/nvidia.js'
import { planBuild } from '../../../src/tensors/setup/plan.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

const linux = { platform: 'linux', arch: 'x64', glibc: true } as const

describe('planBuild', () => {
  it.each([
    ['cpu', linux, 'tensorflow-cpu', 'manylinux_2_27_x86_64'],
    ['cuda', linux, 'tensorflow', 'manylinux_2_27_x86_64'],
    ['cpu', { ...linux, arch: 'arm64' }, 'tensorflow', 'manylinux_2_27_aarch64'],
    ['cpu', { platform: 'darwin', arch: 'arm64', glibc: false }, 'tensorflow', 'macosx_12_0_arm64'],
  ] as const)('takes for %s on %j the wheel %s of %s', (flavour, machine, distribution, tag) => {
    const plan = planBuild(flavour, machine)
    expect(plan).toMatchObject({ flavour, source: 'wheel', wheel: { distribution } })
    expect(plan.source === 'wheel' && plan.wheel.tags[0]).toBe(tag)
  })

  it.each([
    ['cpu', { platform: 'win32', arch: 'x64', glibc: false }, /not supported on Windows/],
    ['cpu', { platform: 'darwin', arch: 'x64', glibc: false }, /no current build for darwin on x64/],
    ['cpu', { ...linux, glibc: false }, /glibc/],
    ['cuda', { ...linux, arch: 'arm64' }, /x86-64 only/],
    ['cuda', { platform: 'darwin', arch: 'arm64', glibc: false }, /Linux only/],
  ] as const)("leaves %s on %j to the package's installer and says why", (flavour, machine, because) => {
    const plan = planBuild(flavour, machine)
    expect(plan.source === 'package-installer' && plan.because).toMatch(because)
  })

  it('pins the version of the wheel', () => {
    expect(tensorflowRequirement({ distribution: 'tensorflow-cpu', tags: [] })).toBe('tensorflow-cpu==2.21.0')
  })
})

describe('cudaRequirements', () => {
  it('takes the packages of the and-cuda extra from the metadata of the wheel, and no others', () => {
    const metadata = [
      'Name: tensorflow',
      'Requires-Dist: numpy>=1.26.0',
      'Requires-Dist: nvidia-cublas-cu12<13.0,>=12.5.3.2; extra == "and-cuda"',
      "Requires-Dist: nvidia-cudnn-cu12 (<10.0,>=9.3.0.75) ; extra == 'and-cuda'",
      'Requires-Dist: tensorflow-io>=0.23.1; python_version < "3.13" and extra == "gcs-filesystem"',
    ].join('\n')
    expect(cudaRequirements(metadata)).toEqual([
      'nvidia-cublas-cu12<13.0,>=12.5.3.2',
      'nvidia-cudnn-cu12<10.0,>=9.3.0.75',
    ])
  })
})

describe('hasNvidiaGpu', () => {
  const withDriver = async (script: string): Promise<{ PATH: string }> => {
    const folder = temporaryFolder()
    await writeFile(path.join(folder, 'nvidia-smi'), `#!/bin/sh\n${script}\n`)
    await chmod(path.join(folder, 'nvidia-smi'), 0o755)
    return { PATH: folder }
  }

  it('is true where nvidia-smi lists a GPU', async () => {
    expect(await hasNvidiaGpu(await withDriver('echo "GPU 0: NVIDIA H100 (UUID: GPU-1)"'))).toBe(true)
  })

  it('is false where the driver does not answer, lists none, or is not there', async () => {
    expect(await hasNvidiaGpu(await withDriver('echo "GPU 0: NVIDIA H100"; exit 9'))).toBe(false)
    expect(await hasNvidiaGpu(await withDriver('echo "No devices found"'))).toBe(false)
    expect(await hasNvidiaGpu({ PATH: temporaryFolder() })).toBe(false)
  })
})

describe('compilerArguments', () => {
  it('lets the binding find its libraries beside it, wherever the folder is moved', () => {
    expect(compilerArguments('/b', 'linux')).toContain('-Wl,-rpath,$ORIGIN/../../deps/lib')
    expect(compilerArguments('/b', 'darwin')).toContain('-Wl,-rpath,@loader_path/../../deps/lib')
  })
})
