import { globSync, readFileSync } from 'node:fs'
import { glob, readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('..', import.meta.url))

type Manifest = {
  name: string
  dependencies?: Record<string, string>
  devDependencies?: Record<string, string>
}

/** What the files of a room may import. Patterns are of package names, or of paths from the root. */
type Room = { name: string; files: RegExp; may: (file: RegExpMatchArray) => RegExp[]; neverUses?: RegExp }

const CONTRACTS = /^@shop\/contracts(\/|$)/
const own = (match: RegExpMatchArray, inside: string) => new RegExp(`^workers/${match[1]}/src/${inside}`)
const IMPURE = /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(|\bcrypto\.|\bfetch\(|\bprocess\.|\bsetTimeout\(/

/** The first room whose `files` fit decides. The table of docs/decisions, in code. */
export const ROOMS: Room[] = [
  { name: 'contracts', files: /^packages\/contracts\/src\//, may: () => [/^zod$/, /^packages\/contracts\/src\//] },
  {
    name: 'http',
    files: /^packages\/http\/src\//,
    may: () => [
      CONTRACTS,
      /^hono(\/|$)/,
      /^@hono\/zod-openapi$/,
      /^zod$/,
      /^typeid-js$/,
      /^cockatiel$/,
      /^@upstash\/redis$/,
      /^node:async_hooks$/,
      /^packages\/http\/src\//,
    ],
  },
  {
    name: 'db',
    files: /^packages\/db\/src\//,
    may: () => [CONTRACTS, /^drizzle-orm(\/|$)/, /^@neondatabase\/serverless$/, /^packages\/db\/src\//],
  },
  ...globSync(['packages/*/package.json', 'emulators/*/package.json'], { cwd: ROOT }).flatMap(roomsOfPackage),
  {
    name: 'domain',
    files: /^workers\/([a-z]+)\/src\/domain\//,
    may: (match) => [CONTRACTS, own(match, 'domain/')],
    neverUses: IMPURE,
  },
  {
    name: 'operations',
    files: /^workers\/([a-z]+)\/src\/operations\//,
    may: (match) => [CONTRACTS, own(match, '(domain|operations)/'), own(match, 'ports(\\.ts$|/)')],
    neverUses: /\bDate\.now\(|\bnew Date\(\)|\bMath\.random\(/,
  },
  {
    name: 'ports',
    files: /^workers\/([a-z]+)\/src\/ports(\.ts$|\/)/,
    may: (match) => [CONTRACTS, own(match, '(domain/|ports(\\.ts$|/))')],
  },
  {
    name: 'routes',
    files: /^workers\/([a-z]+)\/src\/(routes\/|rpc\.ts$)/,
    may: (match) => [
      CONTRACTS,
      /^@shop\/http(\/|$)/,
      /^hono(\/|$)/,
      /^zod$/,
      /^cloudflare:workers$/,
      // The worker's own rooms, but not what stands behind its ports.
      own(match, '(?!stock/|stripe/)'),
    ],
  },
  {
    name: 'composition',
    files: /^workers\/([a-z]+)\/src\//,
    may: (match) => [
      /^(?!@shop\/|drizzle-orm|@neondatabase|pg$|workers\/|packages\/)/,
      CONTRACTS,
      /^@shop\/http(\/|$)/,
      /^@shop\/db$/,
      new RegExp(`^@shop/db/repositories/${match[1]}(/|$)`),
      own(match, ''),
    ],
  },
]

/** A package or an emulator: `src` may import the dependencies of its package.json, `test` its devDependencies too. */
function roomsOfPackage(path: string): Room[] {
  const folder = posix.dirname(path.replaceAll('\\', '/'))
  const manifest = JSON.parse(readFileSync(join(ROOT, path), 'utf8')) as Manifest
  const listed = (names: string[]) => names.map((name) => new RegExp(`^${name}(/|$)`))
  const always = [/^node:/, ...listed([manifest.name])]
  const dependencies = listed(Object.keys(manifest.dependencies ?? {}))
  const devDependencies = listed(Object.keys(manifest.devDependencies ?? {}))
  const inside = (name: string) => new RegExp(`^${folder}/${name}/`)
  return [
    { name: folder, files: inside('src'), may: () => [...always, ...dependencies, inside('src')] },
    {
      name: `${folder}/test`,
      files: inside('test'),
      may: () => [...always, ...dependencies, ...devDependencies, inside('(src|test)')],
    },
  ]
}

export type Crossing = { file: string; room: string; found: string }

/** What a file imports or uses that its room forbids. Files of no room (scripts, tests) may import anything. */
export function crossingsOf(file: string, source: string): Crossing[] {
  for (const room of ROOMS) {
    const match = file.match(room.files)
    if (match === null) continue
    const allowed = room.may(match)
    const imports = importsOf(source).map((specifier) => resolved(file, specifier))
    const forbidden = imports.filter((target) => !allowed.some((pattern) => pattern.test(target)))
    const used = room.neverUses?.exec(withoutComments(source))
    return [...forbidden, ...(used ? [used[0]] : [])].map((found) => ({ file, room: room.name, found }))
  }
  return []
}

const STATEMENT =
  /(?:^|\n)\s*(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|(?:^|\n)\s*import\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]/g

function importsOf(source: string): string[] {
  return [...withoutComments(source).matchAll(STATEMENT)].map(
    ([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? '',
  )
}

function resolved(file: string, specifier: string): string {
  return specifier.startsWith('.') ? posix.join(posix.dirname(file), specifier) : specifier
}

function withoutComments(source: string): string {
  return source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1')
}

const CHECKED = ['{packages,emulators}/*/{src,test}/**/*.ts', 'workers/*/src/**/*.ts']

/** Checks the sources and tests of the packages and emulators, and the sources of the workers. */
export async function checkBoundaries(): Promise<{ files: number; crossings: Crossing[] }> {
  const crossings: Crossing[] = []
  let files = 0
  for await (const path of glob(CHECKED, { cwd: ROOT })) {
    const file = path.replaceAll('\\', '/')
    files += 1
    crossings.push(...crossingsOf(file, await readFile(join(ROOT, file), 'utf8')))
  }
  return { files, crossings }
}

if (import.meta.main) {
  const { files, crossings } = await checkBoundaries()
  for (const { file, room, found } of crossings) console.error(`${file}: the room ${room} must not have ${found}`)
  console.log(`boundaries: ${files} files, ${crossings.length} crossings`)
  process.exitCode = crossings.length === 0 && files > 0 ? 0 : 1
}
