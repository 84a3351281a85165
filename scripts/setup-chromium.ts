// Makes sure that there is a Chromium for the tests of the page: installs Debian's where it is missing and we may,
// says what to install otherwise.
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'

/** Where systems have it. KINDRED_CHROMIUM names another. */
const places = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']

/** @returns the browser's path, undefined where there is none */
export const findChromium = (): string | undefined =>
  [process.env['KINDRED_CHROMIUM'], ...places].find((place) => place !== undefined && existsSync(place))

function install(): boolean {
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) return false
  console.log('installing chromium')
  const apt = (...args: string[]): boolean =>
    spawnSync('apt-get', args, {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    }).status === 0
  const wanted = ['install', '-y', '--no-install-recommends', 'chromium', 'fonts-dejavu-core']
  // The list of packages may be old, or not there at all.
  return apt(...wanted) || (apt('update') && apt(...wanted))
}

if (process.argv[1] === import.meta.filename && findChromium() === undefined && !install()) {
  console.error(
    'The tests of the page need Chromium: apt-get install chromium, or name one in KINDRED_CHROMIUM.',
  )
  process.exit(1)
}
