import type { MailTemplate } from '@shop/contracts/notifications/states'
import type { MailData, RenderedMail } from '../content/domain/mail-data.ts'
import { renderDefault } from '../content/render-default.ts'
import type { NotificationsDeps } from '../deps.ts'
import { type PublishedTemplates, templateKey } from './domain/template.ts'
import { renderLiquid } from './internal/liquid.ts'

/**
 * A mail by the template that staff have published, else by the shop's own. One that cannot be rendered is reported, and holds
 * no mail back.
 */
export async function renderMail(
  deps: Pick<NotificationsDeps, 'warn'>,
  { template, data, published }: { template: MailTemplate; data: MailData; published: PublishedTemplates },
): Promise<RenderedMail> {
  const { locale } = data
  const own = published.get(templateKey({ name: template, locale }))
  if (own === undefined) return renderDefault(template, data)
  try {
    return await renderLiquid(own, data)
  } catch (error) {
    deps.warn('template_not_rendered', { template, locale, error })
    return renderDefault(template, data)
  }
}
