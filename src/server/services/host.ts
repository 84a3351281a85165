import { arch, availableParallelism, cpus, platform, totalmem } from 'node:os'
import { runtimeVersion } from '../../embedding/runtime-version.js'
import { version } from '../../version.js'
import type { ApiKey } from '../access/api-key.js'
import type { Api } from '../contract/operation-types.js'

/** What the server runs on and with: whoever compares figures of two servers wants to know. */
const describeHost = (): NonNullable<Api<'Server'>['host']> => ({
  kindred: version,
  node: process.versions.node,
  onnxruntime: runtimeVersion(),
  platform: `${platform()} ${arch()}`,
  processor: cpus()[0]?.model.trim() ?? 'unknown processor',
  cores: availableParallelism(),
  memoryBytes: totalmem(),
})

/** Only for whoever may do everything: versions tell an attacker what to try. */
export const hostFor = (key: Pick<ApiKey, 'scope' | 'collections'> | null): Api<'Server'>['host'] =>
  key === null || (key.scope === 'admin' && key.collections === null) ? describeHost() : null
