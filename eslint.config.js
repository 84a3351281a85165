import { defineConfig } from 'eslint/config'
import importX from 'eslint-plugin-import-x'
import tseslint from 'typescript-eslint'

/**
 * The house: which folders of src/ a folder may import, and the packages that only it may import.
 * Arrows run one way (docs/architecture.md); the files directly in src/ (errors, config, log) are open to all.
 */
const house = {
  images: { folders: [], packages: ['sharp', 'undici', 'ipaddr.js'] },
  bundles: { folders: ['images'], packages: [] },
  tensors: { folders: [], packages: ['@tensorflow/*'] },
  datasets: { folders: ['images'], packages: ['csv-parse', 'yauzl'] },
  losses: { folders: ['tensors'], packages: [] },
  networks: { folders: ['tensors', 'images', 'bundles'], packages: ['protobufjs'] },
  embedding: { folders: ['images', 'bundles'], packages: ['onnxruntime-node'] },
  evaluation: { folders: ['embedding', 'datasets', 'images', 'bundles'], packages: ['umap-js'] },
  training: {
    folders: ['evaluation', 'embedding', 'networks', 'losses', 'datasets', 'images', 'tensors', 'bundles'],
    packages: [],
  },
  collections: {
    folders: ['embedding', 'datasets', 'images', 'bundles'],
    packages: ['better-sqlite3', 'hnswlib-node'],
  },
  client: { folders: [], packages: [] },
  web: { folders: ['client'], packages: ['preact'] },
  server: {
    folders: ['collections', 'embedding', 'images', 'bundles'],
    packages: [
      'express',
      'multer',
      'swagger-ui-express',
      'ajv',
      'helmet',
      'cors',
      'express-rate-limit',
      'prom-client',
      '@opentelemetry/*',
    ],
  },
  bench: {
    folders: ['client', 'collections', 'evaluation', 'datasets', 'images'],
    packages: ['hdr-histogram-js'],
  },
  cli: { folders: 'all', packages: ['commander', 'cli-progress'] },
}

const folders = Object.keys(house)

const boundaries = folders.map((folder) => {
  const allowed = house[folder].folders
  const closedFolders = allowed === 'all' ? [] : folders.filter((f) => f !== folder && !allowed.includes(f))
  const closedPackages = folders.filter((f) => f !== folder).flatMap((f) => house[f].packages)
  return {
    files: [`src/${folder}/**/*.{ts,tsx}`],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            ...closedFolders.map((closed) => ({
              regex: `^(\\.\\./)+${closed}/`,
              message: `src/${folder} may not import src/${closed} (see the house in eslint.config.js).`,
            })),
            {
              regex: `^(${closedPackages.map((p) => p.replace('/*', '')).join('|')})(/|$)`,
              message: 'Another folder owns this package (see the house in eslint.config.js).',
            },
          ],
        },
      ],
    },
  }
})

export default defineConfig(
  { ignores: ['dist', 'coverage', 'index', 'src/*/api-types.generated.ts'] },
  {
    files: ['**/*.{ts,tsx}'],
    extends: [tseslint.configs.strictTypeChecked],
    plugins: { 'import-x': importX },
    languageOptions: { parserOptions: { projectService: true } },
    settings: {
      'import-x/resolver': { typescript: true },
      'import-x/parsers': { '@typescript-eslint/parser': ['.ts', '.tsx'] },
      'import-x/extensions': ['.ts', '.tsx'],
    },
    rules: {
      'import-x/no-cycle': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      // Numbers read well in messages and paths.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
    },
  },
  ...boundaries,
)
