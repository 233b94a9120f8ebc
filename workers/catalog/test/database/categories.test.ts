import { isWellFormed } from '@shop/contracts/events/delivery'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Category } from '../../src/categories/domain/category.ts'
import { type CategoryChanges, decideCategoryChanges } from '../../src/categories/domain/category-changes.ts'
import { inTreeOrder } from '../../src/categories/domain/tree.ts'
import { later, NOW, useDatabase } from './use-database.ts'

const { categories, database, eventsOf, insertCategory } = useDatabase()

/** Adds a category below a parent. */
async function add(name: string, parent?: Category, position?: number): Promise<Category> {
  const saved = await insertCategory(name, { parentId: parent?.id ?? null, position })
  if (!saved.ok) throw new Error(saved.failure.code)
  return saved.value.category
}

/** Changes a category as it is now, once; the code of the refusal, or what was saved. */
async function change({ id }: Category, changes: CategoryChanges): Promise<Category | string> {
  const decidedFrom = await categories().find(id)
  if (decidedFrom === undefined) return 'category_not_found'
  const decided = decideCategoryChanges(decidedFrom, changes)
  if (!decided.ok) return decided.failure.code
  const saved = await categories().update({ ...decided.value, decidedFrom, updatedAt: later(60) })
  if (!saved.ok) return saved.failure.code
  return saved.value?.category ?? 'version_conflict'
}

const moveBelow = (category: Category, parent: Category | null) => change(category, { parentId: parent?.id ?? null })

const found = async ({ id }: Category): Promise<Category> => {
  const category = await categories().find(id)
  if (category === undefined) throw new Error(`Category ${id} is gone`)
  return category
}

/** A branch of the tree, each category below the one before. */
async function addBranch(name: string, depth: number): Promise<Category[]> {
  const branch: Category[] = []
  for (let level = 1; level <= depth; level += 1) branch.push(await add(`${name} ${level}`, branch.at(-1)))
  return branch
}

const namesBelow = async (parentId: number | null) =>
  inTreeOrder(await categories().tree())
    .filter((category) => category.parentId === parentId)
    .map(({ name, position }) => [name, position])

describe('a category', () => {
  it('is read back as it was written, in one round trip each', async () => {
    database().resetCounts()
    const top = await add('Tools')
    const saved = await insertCategory('Hammers', { parentId: top.id, metadata: { erp: '7' } })
    expect(database().counts().roundTrips).toBe(2)
    const category = saved.ok ? saved.value.category : undefined
    expect(category).toMatchObject({
      parentId: top.id,
      slug: 'hammers',
      path: [top.id, category?.id],
      slugs: ['tools', 'hammers'],
      position: 0,
      metadata: { erp: '7' },
      version: 1,
      createdAt: NOW,
    })
    expect(await categories().find(category?.id ?? 0)).toEqual(category)
    expect(database().counts().roundTrips).toBe(3)
  })

  it('has a free slug of its name, also when many of one name are added at once', async () => {
    const parents = await Promise.all(['A', 'B', 'C', 'D', 'E'].map((name) => add(`Slugs ${name}`)))
    const slugs = (await Promise.all(parents.map((parent) => add('Same slug', parent)))).map(({ slug }) => slug)
    expect(slugs.sort()).toEqual(['same-slug', 'same-slug-2', 'same-slug-3', 'same-slug-4', 'same-slug-5'])
  })

  it('is refused a slug that another one has, and one beside it with its name', async () => {
    const category = await add('Taken')
    const other = await add('Free')
    const slug = { text: 'taken', isChosen: true }
    expect(await insertCategory('Other', { slug })).toMatchObject({ failure: { code: 'slug_taken', slug: 'taken' } })
    expect(await insertCategory('TAKEN ')).toMatchObject({ failure: { code: 'category_name_taken' } })
    expect(await change(other, { slug: 'taken' })).toBe('slug_taken')
    expect(await change(other, { name: 'taKen' })).toBe('category_name_taken')
    expect(await insertCategory('Taken', { parentId: other.id })).toMatchObject({ ok: true })
    expect(await change(category, { name: 'TAKEN' })).toMatchObject({ name: 'TAKEN', slug: 'taken', version: 2 })
  })

  it('writes an event with each change, and none with a refusal', async () => {
    const [top, below] = await addBranch('Event', 2)
    if (top === undefined || below === undefined) throw new Error('No branch')
    await change(below, { metadata: { a: 'b' } })
    await moveBelow(below, null)
    await moveBelow(top, top)
    const decidedFrom = await found(below)
    const deleted = await categories().delete({ decidedFrom, deletedAt: later(90) })
    const listed = await eventsOf(`category:${below.id}`)
    expect(listed).toMatchObject([
      { type: 'category.created', sequence: 1, payload: { categoryId: below.id, parentId: top.id }, createdAt: NOW },
      { type: 'category.updated', sequence: 2, payload: { parentId: top.id }, createdAt: later(60) },
      { type: 'category.updated', sequence: 3, payload: { parentId: null } },
      { type: 'category.deleted', sequence: 4, createdAt: later(90) },
    ])
    expect(listed.every(isWellFormed)).toBe(true)
    expect(listed[3]).toMatchObject({
      id: deleted.ok && deleted.value?.eventId,
      deliveries: [{ consumer: 'catalog_cache' }, { consumer: 'webhooks' }],
    })
    expect(await eventsOf(`category:${top.id}`)).toHaveLength(1)
  })

  it('is changed by one of several writers that read the same version', async () => {
    const decidedFrom = await add('Raced')
    const decided = decideCategoryChanges(decidedFrom, { metadata: { raced: 'yes' } })
    if (!decided.ok) throw new Error(decided.failure.code)
    const update = { ...decided.value, decidedFrom, updatedAt: later(1) }
    const saved = await Promise.all(Array.from({ length: 5 }, () => categories().update(update)))
    expect(saved.filter((one) => one.ok && one.value !== undefined)).toHaveLength(1)
    expect(await found(decidedFrom)).toMatchObject({ version: 2 })
  })

  it('is not deleted while it has children', async () => {
    const [top, below] = await addBranch('Kept', 2)
    if (top === undefined || below === undefined) throw new Error('No branch')
    const remove = async (category: Category) =>
      categories().delete({ decidedFrom: await found(category), deletedAt: later(1) })
    expect(await remove(top)).toMatchObject({ failure: { code: 'category_has_children' } })
    expect(await remove(below)).toMatchObject({ ok: true })
    expect(await remove(top)).toMatchObject({ ok: true })
    expect(await categories().find(top.id)).toBeUndefined()
  })
})

describe('the order of siblings', () => {
  it('has no gap, wherever one is added, moved or deleted', async () => {
    const parent = await add('Ordered')
    const names = () => namesBelow(parent.id)
    const [a, b] = [await add('a', parent), await add('b', parent)]
    await add('c', parent, 0)
    const d = await add('d', parent, 99)
    expect(await names()).toEqual([
      ['c', 0],
      ['a', 1],
      ['b', 2],
      ['d', 3],
    ])
    await change(d, { position: 1 })
    expect(await names()).toEqual([
      ['c', 0],
      ['d', 1],
      ['a', 2],
      ['b', 3],
    ])
    await change(d, { position: 3 })
    expect(await names()).toEqual([
      ['c', 0],
      ['a', 1],
      ['b', 2],
      ['d', 3],
    ])
    expect(await change(b, { parentId: a.id })).toMatchObject({ position: 0 })
    expect(await names()).toEqual([
      ['c', 0],
      ['a', 1],
      ['d', 2],
    ])
    await change(b, { parentId: parent.id, position: 0 })
    expect(await names()).toEqual([
      ['b', 0],
      ['c', 1],
      ['a', 2],
      ['d', 3],
    ])
    await categories().delete({ decidedFrom: await found(b), deletedAt: NOW })
    expect(await names()).toEqual([
      ['c', 0],
      ['a', 1],
      ['d', 2],
    ])
  })

  it('does not count as a change of those that move up', async () => {
    const parent = await add('Quiet')
    const a = await add('a', parent)
    await add('b', parent, 0)
    expect(await found(a)).toMatchObject({ position: 1, version: 1 })
  })
})

describe('a move', () => {
  it('takes all below along, and is one round trip', async () => {
    const [a1, a2, a3] = await addBranch('From', 3)
    const to = await add('To')
    if (a1 === undefined || a2 === undefined || a3 === undefined) throw new Error('No branch')
    database().resetCounts()
    expect(await moveBelow(a2, to)).toMatchObject({ path: [to.id, a2.id], slugs: ['to', 'from-2'] })
    expect(database().counts().roundTrips).toBe(2)
    expect(await found(a3)).toMatchObject({
      path: [to.id, a2.id, a3.id],
      slugs: ['to', 'from-2', 'from-3'],
      version: 1,
    })
    expect(await moveBelow(a2, null)).toMatchObject({ path: [a2.id], parentId: null })
    expect(await found(a3)).toMatchObject({ path: [a2.id, a3.id] })
  })

  it('is refused below itself, below what is under it, and below nothing', async () => {
    const [a1, a2, a3] = await addBranch('Cycle', 3)
    if (a1 === undefined || a2 === undefined || a3 === undefined) throw new Error('No branch')
    expect(await moveBelow(a1, a1)).toBe('category_cycle')
    expect(await moveBelow(a1, a3)).toBe('category_cycle')
    expect(await change(a1, { parentId: 999_999 })).toBe('category_not_found')
    expect(await insertCategory('Orphan', { parentId: 999_999 })).toMatchObject({
      failure: { code: 'category_not_found', categoryId: 999_999 },
    })
    expect([await found(a1), await found(a2), await found(a3)]).toEqual([a1, a2, a3])
  })

  it('is refused where something would be deeper than 8', async () => {
    const deep = await addBranch('Deep', 8)
    const two = await addBranch('Two', 2)
    const at = (level: number) => deep[level - 1] ?? null
    const [top] = two
    if (top === undefined) throw new Error('No branch')
    expect(await insertCategory('Ninth', { parentId: at(8)?.id ?? null })).toMatchObject({
      failure: { code: 'category_too_deep', depth: 9, maximumDepth: 8 },
    })
    expect(await moveBelow(top, at(7))).toBe('category_too_deep')
    expect(await moveBelow(top, at(6))).toMatchObject({ path: [...deep.slice(0, 6).map(({ id }) => id), top.id] })
  })

  it.each(Array.from({ length: 10 }, (_, n) => n))('each way at once never makes a cycle (round %i)', async (n) => {
    const [a, b] = [await add(`Left ${n}`), await add(`Right ${n}`)]
    const answers = await Promise.all([moveBelow(a, b), moveBelow(b, a)])
    expect(answers.filter((answer) => answer === 'category_cycle')).toHaveLength(1)
    const paths = [(await found(a)).path, (await found(b)).path]
    expect(paths.map(({ length }) => length).sort()).toEqual([1, 2])
  })

  it.each(Array.from({ length: 5 }, (_, n) => n))('in a ring at once never makes a cycle (round %i)', async (n) => {
    const ring = await Promise.all(['a', 'b', 'c', 'd'].map((name) => add(`Ring ${n} ${name}`)))
    const answers = await Promise.all(ring.map((one, index) => moveBelow(one, ring[(index + 1) % ring.length] ?? null)))
    expect(answers.filter((answer) => answer === 'category_cycle')).toHaveLength(1)
  })

  it.each(Array.from({ length: 5 }, (_, n) => n))('never makes the tree too deep when raced (round %i)', async (n) => {
    const [upper, middle, lower] = [
      await addBranch(`Upper ${n}`, 4),
      await addBranch(`Middle ${n}`, 3),
      await addBranch(`Lower ${n}`, 3),
    ]
    const [middleTop, lowerTop] = [middle[0], lower[0]]
    if (middleTop === undefined || lowerTop === undefined) throw new Error('No branch')
    const answers = await Promise.all([
      moveBelow(middleTop, upper.at(-1) ?? null),
      moveBelow(lowerTop, middle.at(-1) ?? null),
    ])
    expect(answers.filter((answer) => answer === 'category_too_deep')).toHaveLength(1)
  })

  it('finds the children that others add at the same time', async () => {
    const [to, moved] = [await add('New home'), await add('Moving')]
    const added = Promise.all(Array.from({ length: 8 }, (_, n) => add(`Child ${n}`, moved)))
    await moveBelow(moved, to)
    for (const child of await added) expect((await found(child)).path).toEqual([to.id, moved.id, child.id])
  })
})

describe('whatever writers do at once', () => {
  const step = fc.record({
    kind: fc.constantFrom('add', 'move', 'move', 'move', 'delete'),
    subject: fc.nat(7),
    target: fc.nat(8),
    position: fc.option(fc.nat(4), { nil: undefined }),
  })

  it('the tree stays a tree: paths follow the parents, and siblings are numbered from 0', async () => {
    let round = 0
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(step, { minLength: 2, maxLength: 5 }), { maxLength: 4 }), async (batches) => {
        round += 1
        const root = await add(`Property ${round}`)
        const nodes: Category[] = []
        for (let n = 0; n < 8; n += 1) nodes.push(await add(`Node ${n}`, nodes[n - 3] ?? root))
        for (const [index, batch] of batches.entries()) {
          await Promise.all(
            batch.map(async ({ kind, subject, target, position }, n) => {
              const node = nodes[subject]
              const parent = nodes[target] ?? root
              if (node === undefined) return
              if (kind === 'add') {
                const saved = await insertCategory(`Added ${index} ${n}`, { parentId: parent.id, position })
                if (saved.ok) nodes.push(saved.value.category)
              } else if (kind === 'move') await change(node, { parentId: parent.id, position })
              else {
                const decidedFrom = await categories().find(node.id)
                if (decidedFrom) await categories().delete({ decidedFrom, deletedAt: NOW })
              }
            }),
          )
        }
        const rows = (await categories().tree()).filter(({ path }) => path[0] === root.id)
        const byId = new Map(rows.map((row) => [row.id, row]))
        for (const { id, parentId, path } of rows) {
          expect(path.length).toBeLessThanOrEqual(8)
          const above = parentId === null ? [] : byId.get(parentId)?.path
          expect(path).toEqual([...(above ?? []), id])
        }
        for (const siblings of Map.groupBy(rows, ({ parentId }) => parentId).values()) {
          if (siblings[0]?.parentId === null) continue
          const positions = siblings.map(({ position }) => position).sort((a, b) => a - b)
          expect(positions).toEqual(positions.map((_, n) => n))
        }
      }),
      { numRuns: 15 },
    )
  }, 120_000)
})
