import { posix } from 'node:path'
import { type ExportExportNameKind, parseSync } from 'oxc-parser'

/** The parts of a package.json that decide where imports of the package lead, and what it may import itself. */
export type Manifest = {
  name: string
  exports?: Record<string, string>
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

/** The repository as it is checked: sources by path from its root, manifests by folder. */
export type Repository = { sources: ReadonlyMap<string, string>; manifests: ReadonlyMap<string, Manifest> }

export type Import = {
  /** A path from the root of the repository, or `npm:<package>`, `node:<module>`, `cloudflare:<module>`. */
  target: string
  /** Gone once types are stripped. */
  isTypeOnly: boolean
}

export type Module = {
  path: string
  lines: number
  imports: Import[]
  /** Names of the types and interfaces declared and exported here; re-exports are not declarations. */
  exportedTypes: string[]
  /** The source without its comments. */
  code: string
}

export function readModules(repository: Repository): Module[] {
  return [...repository.sources].map(([path, source]) => readModule(path, source, repository))
}

function readModule(path: string, source: string, repository: Repository): Module {
  const { module, comments, errors } = parseSync(path, source)
  if (errors.length > 0) throw new Error(`${path} cannot be parsed: ${errors[0]?.message}`)
  const code = withoutComments(source, comments)
  const found: [specifier: string, isTypeOnly: boolean][] = [
    ...module.staticImports.map(({ moduleRequest, entries }): [string, boolean] => [
      moduleRequest.value,
      entries.length > 0 && entries.every(({ isType }) => isType),
    ]),
    ...module.staticExports
      .flatMap(({ entries }) => entries)
      .flatMap(({ moduleRequest, isType }): [string, boolean][] =>
        moduleRequest ? [[moduleRequest.value, isType]] : [],
      ),
    // `await import('…')`, and the type `import('…').Name`.
    ...[...code.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)].map(([, specifier = '']): [string, boolean] => [
      specifier,
      false,
    ]),
  ]
  return {
    path,
    lines: source.split('\n').length - (source.endsWith('\n') ? 1 : 0),
    imports: found.map(([specifier, isTypeOnly]) => ({ target: targetOf(path, specifier, repository), isTypeOnly })),
    exportedTypes: module.staticExports
      .flatMap(({ entries }) => entries)
      .filter(({ moduleRequest, isType }) => moduleRequest === null && isType)
      .flatMap(({ exportName }) => (exportName.kind === NAMED ? [exportName.name ?? ''] : [])),
    code,
  }
}

// The enum itself is not there at run time; its members are these strings.
const NAMED: `${ExportExportNameKind.Name}` = 'Name'

function withoutComments(source: string, comments: { start: number; end: number }[]): string {
  let code = ''
  let position = 0
  for (const { start, end } of comments) {
    code += source.slice(position, start)
    position = end
  }
  return code + source.slice(position)
}

function targetOf(path: string, specifier: string, { sources, manifests }: Repository): string {
  if (specifier.startsWith('.')) return posix.join(posix.dirname(path), specifier)
  if (/^\w+:/.test(specifier)) return specifier
  const [name, subpath] = splitSpecifier(specifier)
  for (const [folder, manifest] of manifests) {
    if (manifest.name !== name) continue
    const file = exportedFile(manifest, subpath)
    const target = file === undefined ? undefined : posix.join(folder, file)
    return target !== undefined && sources.has(target) ? target : `${specifier}, which ${name} does not export`
  }
  return `npm:${name}`
}

function splitSpecifier(specifier: string): [name: string, subpath: string] {
  const parts = specifier.split('/')
  const name = parts.slice(0, specifier.startsWith('@') ? 2 : 1).join('/')
  return [name, `.${specifier.slice(name.length)}`]
}

/** Node's rule for `exports`, as far as the workspaces use it: names, and one `*`. */
function exportedFile({ exports = {} }: Manifest, subpath: string): string | undefined {
  if (exports[subpath] !== undefined) return exports[subpath]
  for (const [pattern, file] of Object.entries(exports)) {
    const [start = '', end] = pattern.split('*')
    if (end === undefined || !subpath.startsWith(start) || !subpath.endsWith(end)) continue
    return file.replace('*', subpath.slice(start.length, subpath.length - end.length))
  }
  return undefined
}
