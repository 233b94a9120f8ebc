import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Expression, parseSync, Visitor } from 'oxc-parser'
import { describe, expect, it } from 'vitest'
import { ROOT } from './deploy/configs.ts'

/** Functions that reach other hosts or run a text. */
const WATCHED = ['fetch', 'eval', 'Function']
const MENTIONED = /\b(?:fetch|eval|Function|globalThis)\b/

/** What runs in production: the workers, and the packages but those of tests and of this machine. */
const files = execFileSync('git', ['ls-files', 'workers/*/src/*.ts', 'workers/*/src/*.tsx', 'packages/*/src/*.ts'], {
  cwd: ROOT,
})
  .toString()
  .split('\n')
  .filter((path) => path !== '' && !/^packages\/(testing|local-environment)\//.test(path))
  .map((path) => ({ path, text: readFileSync(join(ROOT, path), 'utf8') }))

/** Those of the functions that a file calls: by their name or of `globalThis`, and not as a method of something else. */
function watchedCalls(path: string, text: string): string[] {
  if (!MENTIONED.test(text)) return []
  const called: string[] = []
  const note = (callee: Expression) => {
    const name = globalName(callee)
    if (name !== undefined && WATCHED.includes(name)) called.push(name)
  }
  new Visitor({
    CallExpression: ({ callee }) => note(callee),
    NewExpression: ({ callee }) => note(callee),
  }).visit(parseSync(path, text).program)
  return called
}

function globalName(callee: Expression): string | undefined {
  if (callee.type === 'Identifier') return callee.name
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return undefined
  return callee.object.name === 'globalThis' && callee.property.type === 'Identifier' ? callee.property.name : undefined
}

describe('the workers', () => {
  const calls = files.flatMap(({ path, text }) => watchedCalls(path, text).map((name) => [name, path] as const))

  it('call other hosts by two functions that follow no redirects: at addresses of settings, and at URLs of webhook endpoints', () => {
    expect(files.length).toBeGreaterThan(500)
    expect(calls.filter(([name]) => name === 'fetch')).toEqual([
      ['fetch', 'packages/http/src/dependency-fetch.ts'],
      ['fetch', 'workers/notifications/src/webhook-deliveries/internal/post-webhook.ts'],
    ])
  })

  it('open no sockets and run no text as code', () => {
    expect(files.filter(({ text }) => text.includes('cloudflare:sockets'))).toEqual([])
    expect(calls.filter(([name]) => name !== 'fetch')).toEqual([])
  })
})
