import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type FakeAccount, fakeWrangler } from './fake-account.ts'

// Stands for the wrangler executable: keeps its account in the file that FAKE_ACCOUNT names.
const file = process.env.FAKE_ACCOUNT ?? ''
const account = JSON.parse(readFileSync(file, 'utf8')) as FakeAccount
const args = process.argv.slice(2)
const input = args.includes('bulk') ? readFileSync(0, 'utf8') : undefined
const { code, stdout, stderr } = fakeWrangler(account, args, input)
writeFileSync(file, JSON.stringify(account))
if (args.includes('--dry-run')) writeBundle(args[args.indexOf('--outdir') + 1] ?? '')
process.stdout.write(stdout)
process.stderr.write(stderr)
process.exitCode = code

/** The smallest worker: the caller that has it bundled then starts it. */
function writeBundle(folder: string): void {
  mkdirSync(folder, { recursive: true })
  writeFileSync(join(folder, 'index.js'), 'export default {}')
}
