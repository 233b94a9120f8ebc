import type { InvalidTemplate } from '@shop/contracts/notifications/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import { type Context, Liquid, type LiquidOptions } from 'liquidjs'
import type { MailData, RenderedMail } from '../../content/domain/mail-data.ts'
import { oneLine } from '../../content/domain/write-letter.ts'
import type { TemplateText } from '../domain/template.ts'

/**
 * A template can do nothing but print what it is given: no files, no other templates, no properties that data only inherits.
 * An unknown filter is an error; an unknown variable prints nothing.
 */
const OPTIONS: LiquidOptions = {
  templates: {},
  ownPropertyOnly: true,
  strictFilters: true,
  parseLimit: 500_000,
  memoryLimit: 1_000_000,
}

/** What is rendered, the body of a loop once each time. A mail about an order of 100 lines takes some hundreds. */
const MOST_STEPS = 20_000

/** Stops endless loops. Liquid's own limit is a time, and the clock of a Worker stands still while it computes. */
function limited(engine: Liquid): Liquid {
  const { renderer } = engine
  const render = renderer.renderTemplates
  const steps = new WeakMap<Context, number>()
  renderer.renderTemplates = function* (templates, context, emitter) {
    const taken = (steps.get(context) ?? 0) + templates.length + 1
    if (taken > MOST_STEPS) throw new Error(`it takes more than ${MOST_STEPS} steps`)
    steps.set(context, taken)
    return yield* render.call(renderer, templates, context, emitter)
  }
  return engine
}

/** Names come from customers: what is printed into HTML is escaped, unless staff ask for `raw`. */
const FOR_HTML = limited(new Liquid({ ...OPTIONS, outputEscape: 'escape' }))
const FOR_TEXT = limited(new Liquid(OPTIONS))

const ENGINES = { subject: FOR_TEXT, html: FOR_HTML, text: FOR_TEXT } as const
type Field = keyof TemplateText
const FIELDS: readonly Field[] = ['subject', 'html', 'text']

/** @throws Error when it cannot be rendered with this data */
export async function renderLiquid(template: TemplateText, data: MailData): Promise<RenderedMail> {
  const render = (field: Field): Promise<string> => ENGINES[field].parseAndRender(template[field], data)
  const [subject, html, text] = await Promise.all([render('subject'), render('html'), render('text')])
  return { subject: oneLine(subject), html, text }
}

/** Renders a template, and says what is wrong with which field. */
export async function tryLiquid(
  template: TemplateText,
  data: MailData,
): Promise<Result<RenderedMail, InvalidTemplate>> {
  for (const field of FIELDS) {
    try {
      await ENGINES[field].parseAndRender(template[field], data)
    } catch (error) {
      return fail({ code: 'invalid_template', field, reason: reasonOf(error) })
    }
  }
  const rendered = await renderLiquid(template, data)
  if (rendered.subject === '') return fail({ code: 'invalid_template', field: 'subject', reason: 'it is empty' })
  return ok(rendered)
}

/** The first line of the parser's message, which names the place: `tag "if" not closed, line:1, col:1`. */
const reasonOf = (error: unknown): string =>
  oneLine((error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '')
