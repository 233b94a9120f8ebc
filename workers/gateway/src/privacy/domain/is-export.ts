import { withoutTrailingSlash } from '../../forwarding/domain/routing.ts'

/** The one operation below /api that the gateway answers itself, since no worker may ask all others. */
export const EXPORT_PATH = '/api/users/me/export'

export const isExport = (path: string): boolean => withoutTrailingSlash(path) === EXPORT_PATH
