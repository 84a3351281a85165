import type { BundleManifest } from '../../bundles/manifest.js'

/**
 * The README.md of an imported bundle: what it is, where it comes from, how to use it.
 *
 * @param source name and SHA-256 of the ONNX file
 * @param command that made the bundle, as it was typed
 */
export function renderImportedCard(
  {
    name,
    description,
    input,
    embedding,
    licence,
  }: Pick<BundleManifest, 'name' | 'description' | 'input' | 'embedding' | 'licence'>,
  source: { readonly file: string; readonly sha256: string },
  command: string,
): string {
  const { width, height, fit, kernel, mean, std } = input
  return [
    `# ${name}`,
    description,
    '## What it is',
    [
      `- Network: imported from \`${source.file}\` (SHA-256 ${source.sha256}); kindred cannot train it further`,
      `- Embedding: ${embedding.dimensions} values at unit length; similarity is their dot product`,
      `- Input: ${width} x ${height} px RGB, ${fit}, ${kernel} resampling, mean ${mean.join(', ')}, deviation ${std.join(', ')}`,
      '- Checked: ONNX Runtime embeds pictures with it, each the same alone as among others',
    ].join('\n'),
    '## What it learned from, and how good it is',
    'kindred did not train it and knows neither. Measure it on a labelled set of yours:',
    fence(`kindred evaluate --model models/${name} --data SET`),
    '## Licence',
    [`${licence.spdx}.`, ...licence.notices.map((notice) => `\n- ${notice}`)].join('\n'),
    '## How to use it',
    fence(
      `kindred index PICTURES --collection NAME --model models/${name}\nkindred search PICTURE --collection NAME`,
    ),
    `## How it was made\n\n${fence(command)}`,
  ]
    .join('\n\n')
    .concat('\n')
}

const fence = (text: string): string => `\`\`\`sh\n${text}\n\`\`\``
