import { globSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'
import { checkRepository } from './layers/check.ts'
import type { Manifest, Repository } from './layers/modules.ts'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

const SOURCES = ['{packages,emulators,workers}/*/{src,test}/**/*.{ts,tsx}', '{scripts,test,bench}/**/*.ts']
const MANIFESTS = ['package.json', '{packages,emulators,workers}/*/package.json']

function readRepository(root: string): Repository {
  const paths = (patterns: string[]) =>
    globSync(patterns, { cwd: root })
      .map((path) => path.replaceAll('\\', '/'))
      .sort()
  const read = (path: string) => readFileSync(join(root, path), 'utf8')
  return {
    sources: new Map(paths(SOURCES).map((path) => [path, read(path)])),
    manifests: new Map(
      paths(MANIFESTS).map((path) => [posix.dirname(path).replace(/^\.$/, ''), JSON.parse(read(path)) as Manifest]),
    ),
  }
}

if (import.meta.main) {
  const repository = readRepository(process.argv[2] ?? ROOT)
  const findings = checkRepository(repository)
  for (const finding of findings) console.error(finding)
  console.log(`layers: ${repository.sources.size} files, ${findings.length} findings`)
  process.exitCode = findings.length === 0 ? 0 : 1
}
