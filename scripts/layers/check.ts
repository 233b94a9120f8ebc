import { type Manifest, type Module, type Repository, readModules } from './modules.ts'
import { type Layer, layersOf } from './rules.ts'
import { shapeFindings } from './shape.ts'

/**
 * Checks who imports whom, and the shape of files and folders. Import cycles are Biome's rule `noImportCycles`.
 *
 * @returns a sentence for each breach
 */
export function checkRepository(repository: Repository): string[] {
  const modules = readModules(repository)
  return [...layerFindings(modules, repository.manifests), ...shapeFindings(modules)]
}

function layerFindings(modules: Module[], manifests: ReadonlyMap<string, Manifest>): string[] {
  const layers = layersOf(manifests)
  return modules.flatMap((module) => {
    for (const layer of layers) {
      const match = module.path.match(layer.files)
      if (match !== null) return findingsIn(module, layer, match)
    }
    return [`${module.path} belongs to no layer`]
  })
}

function findingsIn({ path, imports, code }: Module, layer: Layer, match: RegExpMatchArray): string[] {
  const allowed = layer.may(match)
  const allowedTypes = [...allowed, ...(layer.mayType?.(match) ?? [])]
  const forbidden = imports
    .filter(({ target, isTypeOnly }) => !(isTypeOnly ? allowedTypes : allowed).some((pattern) => pattern.test(target)))
    .map(({ target }) => `${path} (${layer.name}) must not import ${target}`)
  const [used] = layer.mustNotUse?.exec(code) ?? []
  return [...new Set(forbidden), ...(used === undefined ? [] : [`${path} (${layer.name}) must not use ${used}`])]
}
