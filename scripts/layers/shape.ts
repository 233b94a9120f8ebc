import { posix } from 'node:path'
import type { Module } from './modules.ts'
import { TOP_LEVEL } from './rules.ts'

const MAX_FILES = 15
const MAX_LINES = 260

const IN_SOURCE = /^(?:workers|packages|emulators)\/[^/]+\/src\//
const IN_SLICE = /^workers\/[^/]+\/src\/[^/]+\//
const TOP_OF_WORKER = /^workers\/[^/]+\/src\/([^/]+)$/

/** Types of the same name that are two things. Each needs a reason. */
const SAME_NAME: Record<string, string> = {}

/** Breaches of the rules on files and folders: how long, how many, at which place, under which name. */
export function shapeFindings(modules: Module[]): string[] {
  const sources = modules.filter(({ path }) => IN_SOURCE.test(path))
  return [...longFiles(sources), ...crowdedFolders(sources), ...filesOutsideSlices(sources), ...repeatedTypes(sources)]
}

function longFiles(sources: Module[]): string[] {
  return sources
    .filter(({ lines }) => lines > MAX_LINES)
    .map(({ path, lines }) => `${path} has ${lines} lines, more than ${MAX_LINES}`)
}

function crowdedFolders(sources: Module[]): string[] {
  const inSlices = sources.filter(({ path }) => IN_SLICE.test(path) && !path.includes('/routes/'))
  return [...Map.groupBy(inSlices, ({ path }) => posix.dirname(path))]
    .filter(([, files]) => files.length > MAX_FILES)
    .map(([folder, files]) => `${folder} has ${files.length} files, more than ${MAX_FILES}: divide the capability`)
}

function filesOutsideSlices(sources: Module[]): string[] {
  return sources
    .map(({ path }) => ({ path, name: TOP_OF_WORKER.exec(path)?.[1] }))
    .filter(({ name }) => name !== undefined && !TOP_LEVEL.includes(name))
    .map(({ path }) => `${path} belongs in a slice; beside slices a worker has ${TOP_LEVEL.join(', ')}`)
}

function repeatedTypes(sources: Module[]): string[] {
  const declared = sources.flatMap(({ path, exportedTypes }) => exportedTypes.map((type) => ({ type, path })))
  return [...Map.groupBy(declared, ({ type, path }) => `${namespaceOf(path)} ${type}`).values()]
    .filter(([first, second]) => first !== undefined && second !== undefined && !(first.type in SAME_NAME))
    .map((places) => `the type ${places[0]?.type} is declared in ${places.map(({ path }) => path).join(' and ')}`)
}

/**
 * Within which a name means one thing. Each emulator has the words of the service that it emulates, and tests declare
 * what clients receive by themselves; all the rest is the shop.
 */
function namespaceOf(path: string): string {
  return /^emulators\/[^/]+|^packages\/testing/.exec(path)?.[0] ?? 'shop'
}
