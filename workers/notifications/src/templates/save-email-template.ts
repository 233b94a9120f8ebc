import type { InvalidTemplate, TemplateNotFound } from '@shop/contracts/notifications/failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { NotificationsDeps } from '../deps.ts'
import { exampleData } from './domain/example-data.ts'
import { latestVersion, type Template, type TemplateText, type TemplateVersion } from './domain/template.ts'
import { checkName, type FindDeps, findTemplate, type TemplateRequest } from './internal/find-template.ts'
import { tryLiquid } from './internal/liquid.ts'

type SaveFailure = AccessFailure | TemplateNotFound | InvalidTemplate | VersionConflict

/** Saves a draft as another version. Mails are written with it once it is published. */
export async function saveEmailTemplate(
  deps: FindDeps & Pick<NotificationsDeps, 'now' | 'links'>,
  caller: Caller,
  request: TemplateRequest & { text: TemplateText; versions: ExpectedVersions },
): Promise<Result<Template, SaveFailure>> {
  const staff = requireScope(caller, 'email_templates:write')
  if (!staff.ok) return staff
  const checked = checkName(deps, request)
  if (!checked.ok) return checked
  const tried = await tryLiquid(request.text, exampleData(deps, checked.value.name, checked.value.locale))
  if (!tried.ok) return tried
  return untilSaved<Result<Template, SaveFailure>>(async () => {
    const found = await findTemplate(deps, request)
    if (!found.ok) return found
    const version = latestVersion(found.value)
    const current = checkVersion(request.versions, version)
    if (!current.ok) return current
    const author = actorIdOf(staff.value)
    const draft = { ...checked.value, ...request.text, version: version + 1, author, createdAt: deps.now() }
    if (!(await deps.templates.insertDraft(draft))) return undefined
    const saved: TemplateVersion = { ...draft, status: 'draft', publishedAt: null }
    return ok({ ...checked.value, versions: [saved, ...found.value.versions] })
  })
}
