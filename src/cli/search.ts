import { Command, Option } from 'commander'
import { filterLimitsFrom } from '../collections/filter/read-filter.js'
import { reranks } from '../collections/search-limits.js'
import { collect, numberWithin, wholeNumber } from './exit.js'
import { keyOption } from './key-option.js'
import { answerLines } from './searching/search-answer.js'
import { searchHere } from './searching/search-here.js'
import { readSearchRequest, type SearchFlags } from './searching/search-request.js'
import { searchThere } from './searching/search-there.js'
import { addSettings, configOf } from './setting-options.js'

/** As the contract has it, so that a store and a server take the same. */
const mostOfGroup = 100

const examples = `
Examples:
  kindred search photo.jpg --collection shop --k 5 --filter '{"price": {"lt": 50}}'
  kindred search photo.jpg --collection shop --group-by group --group-size 2
  kindred search --like boot-1 --collection shop --collapse 0.98 --rerank k-reciprocal
  kindred search photo.jpg --positive item:boot-1 --negative item:sandal-1 --collection shop`

/** `kindred search`: the items of a collection that look like a picture, an item, or several of them. */
export function searchCommand(): Command {
  const command = new Command('search')
    .description('Find the items of a collection that look like a picture, an item, or several of them.')
    .argument('[image]', 'picture to look for')
    .requiredOption('--collection <name>', 'collection to search')
    .option('--like <id>', 'item to look for; it is left out of the answer')
    .option('--positive <example>', 'a picture, or item:ID, to look for too; may be repeated', collect)
    .option('--negative <example>', 'a picture, or item:ID, not to look for; may be repeated', collect)
    .option('--k <n>', 'how many answers (default: 10)', wholeNumber(1))
    .option('--filter <json>', 'only items whose metadata match, such as \'{"colour": {"eq": "red"}}\'')
    .option('--min-score <cosine>', 'leave out what scores lower', numberWithin(-1, 1))
    .option(
      '--group-by <field>',
      'answer with groups: of items of one group ("group"), or of one value of a field',
    )
    .option('--group-size <n>', 'items of a group at most (default: 3)', wholeNumber(1, mostOfGroup))
    .option('--collapse <cosine>', 'make one of items that are nearer than this', numberWithin(0, 1))
    .addOption(new Option('--rerank <way>', 'order by more than the score').choices(reranks))
    .option('--diversity <share>', 'how much answers shall differ from each other', numberWithin(0, 1))
    .option(
      '--candidates <n>',
      'nearest items that --collapse, --rerank and --diversity choose from (default: 200)',
      wholeNumber(1),
    )
    .option('--exact', 'compare with every item instead of walking the graph')
    .option('--url <url>', 'ask a running server instead of opening the store')
    .addOption(keyOption())
    .option('--json', 'print one JSON object')
  addSettings(command, [
    'store',
    'models',
    'provider',
    'embedThreads',
    'maxImageBytes',
    'maxImagePixels',
    'allowSvg',
    'maxK',
    'maxCandidates',
    'maxExamples',
    'maxFilterDepth',
    'maxFilterTerms',
  ])
  return command
    .addHelpText('after', examples)
    .action(async (image: string | undefined, flags: SearchFlags) => {
      const config = configOf(command)
      const request = await readSearchRequest(image, flags, filterLimitsFrom(config))
      const { url, key, json } = flags
      const answer =
        url === undefined ? await searchHere(request, config) : await searchThere(request, url, key)
      process.stdout.write(json ? `${JSON.stringify(answer)}\n` : answerLines(answer))
    })
}
