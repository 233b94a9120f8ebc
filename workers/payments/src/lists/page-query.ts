import { CursorParam, LimitParam } from '@shop/kernel/pagination'
import { z } from 'zod'

/** The query parameters of every list. */
export const PageQuery = z.object({ limit: LimitParam, cursor: CursorParam })
