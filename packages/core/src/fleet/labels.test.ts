import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  explainLabelsIssue,
  type Labels,
  type LabelSelector,
  readLabels,
  readLabelSelector,
  selects,
  writeLabels,
  writeLabelSelector,
} from './labels.ts'

describe('a selector', () => {
  it.each<[string, LabelSelector | undefined]>([
    ['rack', { key: 'rack', is: 'present' }],
    [' ! rack ', { key: 'rack', is: 'absent' }],
    ['rack=a 1', { key: 'rack', is: 'equal', value: 'a 1' }],
    ['rack == a', { key: 'rack', is: 'equal', value: 'a' }],
    ['rack=', { key: 'rack', is: 'equal', value: '' }],
    ['rack!=a', { key: 'rack', is: 'different', value: 'a' }],
    ['nvidia.com/gpu.product=A100', { key: 'nvidia.com/gpu.product', is: 'equal', value: 'A100' }],
    // a value may hold the sign itself
    ['rack=a=b', { key: 'rack', is: 'equal', value: 'a=b' }],
    ['', undefined],
    ['=a', undefined],
    ['two words', undefined],
    ['-rack', undefined],
    [`rack=${'x'.repeat(64)}`, undefined],
    [`${'x'.repeat(64)}=a`, undefined],
  ])('%j is read as %j', (text, expected) => expect(readLabelSelector(text)).toEqual(expected))

  it.each<[string, Labels, boolean]>([
    ['rack', { rack: '' }, true],
    ['rack', {}, false],
    ['!rack', {}, true],
    ['!rack', { rack: 'a' }, false],
    ['rack=a', { rack: 'a' }, true],
    ['rack=a', { rack: 'A' }, false],
    ['rack!=a', { rack: 'b' }, true],
    // As in Kubernetes, what has no label has not that value either.
    ['rack!=a', {}, true],
    ['rack!=a', { rack: 'a' }, false],
    // what every object has is no label
    ['constructor', {}, false],
  ])('%j on %j: %s', (text, labels, expected) => expect(selects(readLabelSelector(text)!, labels)).toBe(expected))
})

const key = fc.constantFrom('rack', 'tier', 'berth.dev/pool', 'a_b.c-d')
const value = fc.string({ maxLength: 63 }).map((text) => text.trim().replaceAll('\n', ''))

it('what is written of a selector is read back', () =>
  fc.assert(
    fc.property(key, value, fc.constantFrom('equal', 'different', 'present', 'absent'), (name, wanted, is) => {
      const selector: LabelSelector =
        is === 'equal' || is === 'different' ? { key: name, is, value: wanted } : { key: name, is }
      // `==` is another way to write `=`, so a value that begins with it is written with it twice.
      fc.pre(is !== 'equal' || !wanted.startsWith('='))
      expect(readLabelSelector(writeLabelSelector(selector))).toEqual(selector)
    }),
  ))

describe('labels in a line', () => {
  it.each<[string, Labels]>([
    ['', {}],
    ['rack=a;tier=gold', { rack: 'a', tier: 'gold' }],
    [' rack = a ; \n tier=gold\n', { rack: 'a', tier: 'gold' }],
    ['spare', { spare: '' }],
    [String.raw`note=a\;b\\c`, { note: String.raw`a;b\c` }],
    ['note=a=b', { note: 'a=b' }],
  ])('%j', (text, labels) => expect(readLabels(text)).toEqual({ ok: true, value: labels }))

  it.each([
    ['a b=c', '“a b=c” is no label: a name of letters, digits, “.”, “_” and “-”, then “=” and the value.'],
    [`a=${'x'.repeat(64)}`, `“a=${'x'.repeat(64)}” has more than 63 characters in its value.`],
    ['a=1;a=2', '“a=2” names a label that another part names too.'],
    [Array.from({ length: 101 }, (_, at) => `k${at}`).join(';'), '101 labels are more than 100.'],
  ])('%j is refused', (text, sentence) => {
    const read = readLabels(text)
    expect(read.ok ? '' : explainLabelsIssue(read.issue)).toBe(sentence)
  })

  it('are read back as they were written', () =>
    fc.assert(
      fc.property(fc.dictionary(key, value, { noNullPrototype: true }), (labels) => {
        expect(readLabels(writeLabels(labels))).toEqual({ ok: true, value: labels })
      }),
    ))
})
