import type { MailTemplate } from '@shop/contracts/notifications/states'
import type { Letter, Words } from './letter.ts'
import { type AccountTemplate, type MailData, type OrderTemplate, SUBJECT_OF } from './mail-data.ts'
import { GERMAN } from './words-de.ts'
import { ENGLISH } from './words-en.ts'

const WORDS: Readonly<Record<string, Words>> = { en: ENGLISH, de: GERMAN }

/** The words of the language of a locale; English where the shop's own templates have none. */
export const wordsOf = (locale: string): Words => WORDS[locale.split('-')[0] ?? ''] ?? ENGLISH

const isAbout = <S extends 'order' | 'account'>(template: MailTemplate, subject: S) => SUBJECT_OF[template] === subject

/** @throws Error for data that is not what the template is about, which the caller has read for it */
export function writeLetter(template: MailTemplate, data: MailData): Letter {
  const words = wordsOf(data.locale)
  // SUBJECT_OF says which of the templates are about what.
  if (data.about === 'order' && isAbout(template, 'order')) return words.order[template as OrderTemplate](data)
  if (data.about === 'account' && isAbout(template, 'account')) return words.account[template as AccountTemplate](data)
  if (data.about === 'gift_card' && template === 'gift_card') return words.giftCard(data)
  if (data.about === 'stock' && template === 'low_stock') return words.lowStock(data)
  if (data.about === 'webhook' && template === 'webhook_endpoint_disabled') return words.webhookDisabled(data)
  throw new Error(`A mail ${template} is not about ${data.about}`)
}

/** A subject is one line, whatever is in the names in it: a line break would begin another header. */
export const oneLine = (text: string): string =>
  text
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim()
    .slice(0, 200)
