// zod/v4/classic/external.js less `core` (which holds the locales), `locales`, `toJSONSchema`, `fromJSONSchema` and the
// compatibility layer. Reached by path, since the package exports these modules under no name.
export * from '../../../node_modules/zod/v4/classic/checks.js'
export * as coerce from '../../../node_modules/zod/v4/classic/coerce.js'
export * from '../../../node_modules/zod/v4/classic/errors.js'
export * as iso from '../../../node_modules/zod/v4/classic/iso.js'
export { ZodISODate, ZodISODateTime, ZodISODuration, ZodISOTime } from '../../../node_modules/zod/v4/classic/iso.js'
export * from '../../../node_modules/zod/v4/classic/parse.js'
export * from '../../../node_modules/zod/v4/classic/schemas.js'
export {
  $brand,
  $input,
  $output,
  clone,
  config,
  flattenError,
  formatError,
  globalRegistry,
  NEVER,
  prettifyError,
  regexes,
  registry,
  TimePrecision,
  treeifyError,
  util,
} from '../../../node_modules/zod/v4/core/index.js'
