import { CursorParam, limitParam } from '@shop/kernel/pagination'
import { z } from 'zod'
import { isTimeZone, isTooLong, MAX_DAYS } from '../domain/period.ts'
import { SALES_GROUPS } from '../domain/sales.ts'
import { DEFAULT_ROWS } from '../read-sales-report.ts'

const MAX_ROWS = 500

const date = z.iso
  .date('must be a date, such as 2026-11-23')
  .refine((text) => text >= '2000-01-01' && text < '3000-01-01', 'must be in the years 2000 to 2999')

const fields = {
  from: date.meta({ description: 'The first day', example: '2026-11-01' }),
  to: date.meta({
    description: `The day after the last; at most ${MAX_DAYS} days after \`from\``,
    example: '2026-12-01',
  }),
  group: z.enum(SALES_GROUPS).meta({ description: 'What each row is about', example: 'day' }),
  time_zone: z
    .string()
    .max(60)
    .refine(isTimeZone, 'must be the name of an IANA time zone, such as Europe/Berlin')
    .default('UTC')
    .meta({ description: 'Where days begin and end: the name of an IANA time zone', example: 'UTC' }),
}

type Days = { from: string; to: string }
const isOrdered = ({ from, to }: Days) => from < to
const NOT_ORDERED = { path: ['to'], message: 'must be after from' }
const isShort = (days: Days) => !isTooLong(days)
const TOO_LONG = { path: ['to'], message: `must be at most ${MAX_DAYS} days after from` }

export const SalesExportQuery = z.object(fields).refine(isOrdered, NOT_ORDERED).refine(isShort, TOO_LONG)
export const SalesReportQuery = z
  .object({ ...fields, limit: limitParam(MAX_ROWS, DEFAULT_ROWS), cursor: CursorParam })
  .refine(isOrdered, NOT_ORDERED)
  .refine(isShort, TOO_LONG)

export type SalesReportQuery = z.output<typeof SalesReportQuery>
