import { acceptedLanguages } from '@shop/http/accepted-languages'
import type { AppEnv } from '@shop/http/app'
import { hasScope } from '@shop/kernel/access'
import { localeOf } from '@shop/kernel/locale'
import type { Context } from 'hono'
import type { CatalogDeps } from '../../deps.ts'

/**
 * The language of the texts of an answer, which its headers say; undefined for the texts as they are edited. Staff get
 * those unless they ask for a language: the language of a browser must not get into what its user saves.
 *
 * @param wanted by `?locale=`
 */
export function shownLocale(
  c: Context<AppEnv<CatalogEnv, CatalogDeps>>,
  wanted: string | undefined,
): string | undefined {
  const { deps, caller } = c.var
  const { locales } = deps.shop
  c.header('vary', 'Accept-Language', { append: true })
  const ofBrowser = hasScope(caller, 'products:read') ? [] : acceptedLanguages(c.req.header('accept-language'))
  const locale = localeOf(locales, wanted === undefined ? ofBrowser : [wanted])
  c.header('content-language', locale)
  return locale === locales[0] ? undefined : locale
}
