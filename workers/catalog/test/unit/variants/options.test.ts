import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fitted, misfits, optionErrors, optionsOf } from '../../../src/variants/domain/options.ts'
import { aVariant } from '../../support/goods.ts'
import { runs } from '../../support/runs.ts'

const SIZE = { name: 'size', values: ['S', 'M'] }
const COLOUR = { name: 'colour', values: ['red', 'blue'] }
const fieldOf = (index: number) => `variants.${index}.options`

describe('the options of variants', () => {
  it('are taken from the variants in the order in which they appear', () => {
    const variants = [{ options: { size: 'M', colour: 'red' } }, { options: { colour: 'blue', size: 'S' } }]
    expect(optionsOf(variants)).toEqual([{ name: 'size', values: ['M', 'S'] }, COLOUR])
  })

  it('fit when each variant has a value of each option and no two are alike', () => {
    const variants = [{ options: { size: 'S', colour: 'red' } }, { options: { colour: 'blue', size: 'S' } }]
    expect(misfits([SIZE, COLOUR], variants, fieldOf)).toEqual([])
    expect(misfits([], [{ options: {} }], fieldOf)).toEqual([])
  })

  it.each([
    ['has no value', {}, 'must have one of the values of size'],
    ['has another value', { size: 'XL' }, 'must have one of the values of size'],
    ['has an option that is not declared', { size: 'S', cut: 'slim' }, 'cut is not an option of the product'],
    ['has the values of another variant', { size: 'M' }, 'are those of another variant'],
  ])('do not fit when one %s', (_, options, message) => {
    const variants = [{ options: { size: 'M' } }, { options }]
    expect(misfits([SIZE], variants, fieldOf)).toEqual([{ field: 'variants.1.options', message }])
  })

  it.each(['constructor', 'toString', 'hasOwnProperty'])('may be called %s', (name) => {
    const option = { name, values: ['a'] }
    expect(misfits([option], [{ options: {} }], fieldOf)).toHaveLength(1)
    expect(misfits([option], [{ options: { [name]: 'a' } }], fieldOf)).toEqual([])
    expect(fitted([option], [aVariant()])).toMatchObject([{ options: { [name]: 'a' } }])
  })

  it('always fit the options that were taken from them, unless two are alike', () => {
    const value = fc.constantFrom('a', 'b', 'c')
    const variant = fc.record({ size: value, colour: value }).map((options) => ({ options }))
    const variants = fc.uniqueArray(variant, { selector: ({ options }) => options.size + options.colour, minLength: 1 })
    fc.assert(
      fc.property(variants, (all) => {
        expect(misfits(optionsOf(all), all, fieldOf)).toEqual([])
        expect(misfits(optionsOf(all), [...all, ...all.slice(0, 1)], fieldOf)).toHaveLength(1)
      }),
      runs(50),
    )
  })

  it('gain a new option that has one value, and no other', () => {
    const [small, medium] = [aVariant({ id: 1, options: { size: 'S' } }), aVariant({ id: 2, options: { size: 'M' } })]
    const cotton = { name: 'material', values: ['cotton'] }
    const wanted = [SIZE, cotton, COLOUR]
    expect(fitted(wanted, [small, medium]).map(({ options }) => options)).toEqual([
      { size: 'S', material: 'cotton' },
      { size: 'M', material: 'cotton' },
    ])
    expect(fitted([SIZE], [small])).toEqual([small])
  })
})

describe('options by themselves', () => {
  it('are at most 3 with at most 100 values each', () => {
    const many = Array.from({ length: 4 }, (_, n) => ({ name: `o${n}`, values: ['a'] }))
    expect(optionErrors(many)).toEqual([{ field: 'options', message: 'must be at most 3' }])
    const values = Array.from({ length: 101 }, (_, n) => String(n))
    expect(optionErrors([{ name: 'size', values }])).toMatchObject([{ field: 'options.0.values' }])
    expect(optionErrors([SIZE, COLOUR])).toEqual([])
  })

  it('are named once, whatever the case, and name each value once', () => {
    expect(optionErrors([SIZE, { ...SIZE, name: 'Size' }])).toMatchObject([{ field: 'options.1.name' }])
    expect(optionErrors([{ name: 'size', values: ['S', 'M', 'S'] }])).toMatchObject([{ field: 'options.0.values' }])
  })
})
