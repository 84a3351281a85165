import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { KindredError } from '../../errors.js'
import { packageFolder } from './build.js'

/**
 * The binding passes an attribute that is one text but not one that is a list of them, which TensorFlow's fused
 * kernels take (`fused_ops`: bias and activation in the convolution's own pass). This adds the list, the way the
 * binding's sources read lists of whole numbers.
 */
export async function patchBinding(folder: string): Promise<void> {
  const file = path.join(packageFolder(folder), 'binding', 'tfjs_backend.cc')
  const source = await readFile(file, 'utf8')
  const patched = source.replace(textAttribute, (found) => `${textList}${found}`)
  if (patched === source) {
    throw new KindredError('TENSORFLOW_SETUP', `${file} is not the source that the patch was written for`)
  }
  await writeFile(file, patched)
}

/** Where the binding begins to read an attribute that is one text. */
const textAttribute = /^ *std::string str_value;\n *nstatus = GetStringParam\(env, js_value, str_value\);\n/m

const textList = `
      if (IsArray(env, nstatus, &js_value)) {
        uint32_t length;
        nstatus = napi_get_array_length(env, js_value, &length);
        ENSURE_NAPI_OK(env, nstatus);
        std::vector<std::string> texts(length);
        std::vector<const void *> starts(length);
        std::vector<size_t> lengths(length);
        for (uint32_t i = 0; i < length; ++i) {
          napi_value element;
          nstatus = napi_get_element(env, js_value, i, &element);
          ENSURE_NAPI_OK(env, nstatus);
          nstatus = GetStringParam(env, element, texts[i]);
          ENSURE_NAPI_OK(env, nstatus);
          starts[i] = texts[i].data();
          lengths[i] = texts[i].size();
        }
        TFE_OpSetAttrStringList(tfe_op, attr_name, starts.data(),
                                lengths.data(), static_cast<int>(length));
        break;
      }
`
