import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, it } from 'vitest'

const ROOT = fileURLToPath(new URL('..', import.meta.url))
const documents = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], { cwd: ROOT })
  .toString()
  .split('\n')
  .filter(Boolean)

/** The anchors of a page, as GitHub derives them from its headings. */
function anchorsOf(path: string): string[] {
  const headings = readFileSync(path, 'utf8').matchAll(/^#+ (.+)$/gm)
  return [...headings].map(([, text = '']) =>
    text
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  )
}

it.each(documents)('%s has no broken links', (document) => {
  const links = readFileSync(join(ROOT, document), 'utf8').matchAll(/\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)/g)
  for (const [link, to = '', anchor] of links) {
    const path = to === '' ? join(ROOT, document) : join(ROOT, dirname(document), to)
    expect(existsSync(path), link).toBe(true)
    if (anchor !== undefined) expect(anchorsOf(path), link).toContain(anchor)
  }
})
