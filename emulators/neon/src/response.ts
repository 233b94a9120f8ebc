import pg from 'pg'
import type { StatementResult } from './backend.ts'
import type { RowFormat } from './request.ts'

/**
 * Types that Neon converts to JSON without Neon-Raw-Text-Output: bool, int2, int4, float4, float8, json, jsonb, and
 * arrays.
 */
const JSON_TYPES = new Set([16, 21, 23, 700, 701, 114, 3802, 1000, 1005, 1007, 1021, 1022, 199, 3807])
const TEXT_ARRAY = 1009
/** Arrays of text, varchar, int8, numeric and uuid, whose elements stay text. */
const TEXT_ELEMENT_ARRAYS = new Set([TEXT_ARRAY, 1015, 1016, 1231, 2951])

/** The JSON of one result in the format of Neon's proxy. */
export function resultBody({ command, rowCount, fields, rows }: StatementResult, format: RowFormat) {
  const values = format.rawText ? rows : rows.map((row) => row.map((text, i) => toJson(fields[i]?.dataTypeID, text)))
  return {
    command,
    rowCount,
    rowAsArray: format.arrayMode,
    fields: fields.map((field) => ({ ...field, format: 'text' })),
    rows: format.arrayMode ? values : values.map((row) => Object.fromEntries(row.map((v, i) => [fields[i]?.name, v]))),
  }
}

function toJson(dataTypeID: number | undefined, text: string | null): unknown {
  if (text === null || dataTypeID === undefined) return text
  if (TEXT_ELEMENT_ARRAYS.has(dataTypeID)) return parse(TEXT_ARRAY, text)
  if (!JSON_TYPES.has(dataTypeID)) return text
  const value = parse(dataTypeID, text)
  // JSON has no NaN or Infinity.
  return typeof value === 'number' && !Number.isFinite(value) ? text : value
}

function parse(dataTypeID: number, text: string): unknown {
  // pg-types parses array types too, but its TypeScript types list only scalar types.
  return pg.types.getTypeParser(dataTypeID as Parameters<typeof pg.types.getTypeParser>[0])(text) as unknown
}
