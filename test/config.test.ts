import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { flagOf, loadConfig, settings, variableOf, type SettingName } from '../src/config.js'
import { temporaryFolder } from './support/temporary-folder.js'

const fileWith = (text: string): string => {
  const file = path.join(temporaryFolder(), 'kindred.yaml')
  writeFileSync(file, text)
  return file
}

describe('loadConfig', () => {
  it('gives every default when nothing is set', () => {
    const config = loadConfig({})
    for (const name of Object.keys(settings) as SettingName[])
      expect(config[name]).toBe(settings[name].default)
  })

  it('lets flags win over environment and environment over file', () => {
    const file = fileWith('port: 1\nhost: file\nstore: file\n')
    const env = { KINDRED_PORT: '2', KINDRED_HOST: 'env' }
    expect(loadConfig({ file, env, flags: { port: '3' } })).toMatchObject({
      port: 3,
      host: 'env',
      store: 'file',
    })
  })

  it.each([
    ['port', '65536'],
    ['port', '80.5'],
    ['port', 'http'],
    ['maxImageBytes', '0'],
    ['maxFilterDepth', '65'],
    ['maxFilterTerms', '0'],
    ['allowSvg', 'perhaps'],
    ['provider', 'tpu'],
  ] as const)('refuses %s = %s and names it', (name, value) => {
    expect(() => loadConfig({ flags: { [name]: value } })).toThrow(flagOf(name))
    expect(() => loadConfig({ env: { [variableOf(name)]: value } })).toThrow(variableOf(name))
  })

  it('refuses unknown names in a file and lists the known ones', () => {
    expect(() => loadConfig({ file: fileWith('prot: 80') })).toThrow(/prot/)
  })

  it('refuses a file that is not settings by name', () => {
    expect(() => loadConfig({ file: fileWith('- 1') })).toThrow(/settings by name/)
    expect(() => loadConfig({ file: '/nowhere.yaml' })).toThrow(/cannot be read/)
  })

  it('reads an empty variable as unset', () => {
    expect(loadConfig({ env: { KINDRED_PORT: '' } }).port).toBe(settings.port.default)
  })
})
