import { readFileSync } from 'node:fs'
import { mkdir, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, it } from 'vitest'
import { packageFolder } from '../../../src/tensors/setup/build.js'
import { patchBinding } from '../../../src/tensors/setup/patch-binding.js'
import { temporaryFolder } from '../../support/temporary-folder.js'

async function folderWith(source: string): Promise<{ folder: string; file: string }> {
  const folder = temporaryFolder()
  const file = path.join(packageFolder(folder), 'binding', 'tfjs_backend.cc')
  await mkdir(path.dirname(file), { recursive: true })
  await writeFile(file, source)
  return { folder, file }
}

const oneText = `    case TF_ATTR_STRING: {
      std::string str_value;
      nstatus = GetStringParam(env, js_value, str_value);
      ENSURE_NAPI_OK(env, nstatus);
`

it('lets an attribute be a list of texts, and leaves the single text as it was', async () => {
  const { folder, file } = await folderWith(oneText)
  await patchBinding(folder)
  const patched = readFileSync(file, 'utf8')
  expect(patched).toContain('TFE_OpSetAttrStringList(tfe_op, attr_name')
  expect(patched.endsWith(oneText.slice(oneText.indexOf('      std')))).toBe(true)
})

it('refuses a source that it was not written for', async () => {
  const { folder } = await folderWith('case TF_ATTR_STRING: other')
  await expect(patchBinding(folder)).rejects.toThrow(expect.objectContaining({ code: 'TENSORFLOW_SETUP' }))
})
