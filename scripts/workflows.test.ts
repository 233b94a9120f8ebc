import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { z } from 'zod'
import { ROOT } from './deploy/configs.ts'

const FOLDER = join(ROOT, '.github/workflows')

const stepSchema = z.object({
  name: z.string().optional(),
  id: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  run: z.string().optional(),
  with: z.record(z.string(), z.unknown()).optional(),
  env: z.record(z.string(), z.string()).default({}),
})
const jobSchema = z.object({
  if: z.string().default(''),
  needs: z.string().optional(),
  permissions: z.record(z.string(), z.string()).default({}),
  environment: z.object({ name: z.string() }).optional(),
  env: z.record(z.string(), z.string()).default({}),
  'timeout-minutes': z.number(),
  steps: z.array(stepSchema),
})
const workflowSchema = z.object({
  on: z.record(z.string(), z.unknown()),
  permissions: z.record(z.string(), z.string()),
  env: z.record(z.string(), z.string()).default({}),
  concurrency: z.object({ group: z.string() }),
  jobs: z.record(z.string(), jobSchema),
})
type Step = z.infer<typeof stepSchema>

const NAMES = readdirSync(FOLDER)
const read = (name: string) => workflowSchema.parse(parse(readFileSync(join(FOLDER, name), 'utf8')))
const jobOf = (name: string, job: string) => {
  const found = read(name).jobs[job]
  if (found === undefined) throw new Error(`${name} has no job ${job}`)
  return found
}
const position = (steps: Step[], command: RegExp | string) => {
  const at = steps.findIndex(({ run }) => (typeof command === 'string' ? run === command : command.test(run ?? '')))
  expect(at, String(command)).toBeGreaterThanOrEqual(0)
  return at
}

describe.each(NAMES)('%s', (name) => {
  const workflow = read(name)
  const steps = Object.values(workflow.jobs).flatMap((job) => job.steps)

  it('has read-only permissions in every job', () => {
    expect(workflow.permissions).toEqual({ contents: 'read' })
    for (const { permissions } of Object.values(workflow.jobs)) {
      for (const access of Object.values(permissions)) expect(access).toBe('read')
    }
  })

  it('uses only GitHub’s own actions, pinned to a version', () => {
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/^actions\/[a-z-]+@v\d+$/)
  })

  it('keeps no token in the checkout', () => {
    for (const { uses, with: settings } of steps) {
      if (uses?.startsWith('actions/checkout')) expect(settings).toMatchObject({ 'persist-credentials': false })
    }
  })

  it('puts no branch name or title into a command', () => {
    for (const { run } of steps) expect(run ?? '').not.toContain('${{')
  })

  it('gives secrets only to the steps that need them, never to an installation', () => {
    const shared = [workflow.env, ...Object.values(workflow.jobs).map(({ env }) => env)]
    expect(JSON.stringify(shared)).not.toContain('secrets.')
    for (const { run, env } of steps) {
      if (/npm ci|\.ci\/run/.test(run ?? '')) expect(JSON.stringify(env)).not.toContain('secrets.')
    }
  })

  it('runs no code of a fork with the rights of the repository', () => {
    expect(workflow.on).not.toHaveProperty('pull_request_target')
  })
})

describe('a deployment', () => {
  const { steps, needs, if: condition } = jobOf('deploy.yml', 'deploy')

  it('measures, migrates, deploys, checks, and only then removes', () => {
    const order = [
      'npm ci --no-audit --no-fund',
      'npm run deploy -- --dry-run',
      'npm run db:migrate',
      'npm run deploy',
      'npm run smoke',
      'npm run db:migrate -- --contract',
    ].map((command) => position(steps, command))
    expect(order).toEqual(order.toSorted((one, other) => one - other))
  })

  it('rolls back when the deployment or the smoke test failed, before anything is removed', () => {
    const at = position(steps, /npm run rollback/)
    expect(steps[at]?.if).toBe("failure() && (steps.deploy.outcome == 'failure' || steps.smoke.outcome == 'failure')")
    expect(steps[position(steps, 'npm run deploy')]?.id).toBe('deploy')
    expect(steps[position(steps, 'npm run smoke')]?.id).toBe('smoke')
    expect(at).toBeLessThan(position(steps, 'npm run db:migrate -- --contract'))
  })

  it('always keeps the record of the versions that were live', () => {
    const kept = steps.find(({ uses }) => uses?.startsWith('actions/upload-artifact'))
    expect(kept?.if).toContain('always()')
    expect(kept?.with).toMatchObject({ path: '.local/releases', 'include-hidden-files': true })
  })

  it('follows ci, for a push to this repository’s main only', () => {
    const { if: wanted, steps: checks } = jobOf('deploy.yml', 'verify')
    expect(read('deploy.yml').on).toMatchObject({ workflow_run: { workflows: ['ci'], branches: ['main'] } })
    for (const part of [
      "workflow_run.conclusion == 'success'",
      "workflow_run.event == 'push'",
      'workflow_run.head_repository.full_name == github.repository',
      "github.ref == 'refs/heads/main'",
    ]) {
      expect(wanted).toContain(part)
    }
    expect(checks[0]?.run).toContain('gh run list --workflow ci --commit "$COMMIT"')
    expect(needs).toBe('verify')
    expect(condition).toBe("needs.verify.outputs.commit != ''")
  })

  it('never runs at the same time as a rollback', () => {
    expect(read('deploy.yml').concurrency).toEqual(read('rollback.yml').concurrency)
    expect(read('deploy.yml').concurrency).toMatchObject({ group: 'production' })
  })
})

describe('a preview', () => {
  const jobs = Object.entries(read('preview.yml').jobs)

  it.each(jobs)('is not for forks (%s)', (_name, job) => {
    expect(job.if).toContain('github.event.pull_request.head.repo.full_name == github.repository')
    expect(job.environment?.name).toBe('preview')
  })

  it('is set up before it is deployed, with a test key of Stripe', () => {
    const { steps } = jobOf('preview.yml', 'deploy')
    const order = [
      /preview-config\.ts/,
      /preview-database\.ts/,
      'npm run db:migrate',
      /sk_test_\*/,
      'npm run setup:cloudflare -- --configs .local/preview',
      'npm run deploy -- --configs .local/preview',
      'npm run smoke',
    ].map((command) => position(steps, command))
    expect(order).toEqual(order.toSorted((one, other) => one - other))
  })

  it('is removed when the pull request is closed, its database even if the rest failed', () => {
    const { if: condition, steps } = jobOf('preview.yml', 'remove')
    expect(condition).toContain("github.event.action == 'closed'")
    position(steps, /preview-remove\.ts/)
    expect(steps[position(steps, /preview-database\.ts .* --remove/)]?.if).toBe('always()')
  })
})

it('uses only commands that exist', () => {
  const { scripts } = z
    .object({ scripts: z.record(z.string(), z.string()) })
    .parse(JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')))
  const files = NAMES.map((name) => readFileSync(join(FOLDER, name), 'utf8')).join('\n')
  for (const [, script = ''] of files.matchAll(/npm run ([a-z:]+)/g)) expect(Object.keys(scripts)).toContain(script)
  for (const [, path = ''] of files.matchAll(/node (scripts\/[a-z-]+\.ts)/g)) {
    expect(readFileSync(join(ROOT, path), 'utf8')).toContain('import.meta.main')
  }
})
