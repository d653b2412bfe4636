import { expect, it } from 'vitest'
import { bulkChange, type BulkInputs, noBulkInputs } from './bulk-inputs.ts'

it.each<[Partial<BulkInputs>, object]>([
  [{}, {}],
  [{ site: '  ', owner: null }, { owner: null }],
  [{ site: ' Berlin ' }, { site: 'Berlin' }],
  [{ addLabels: 'rack=a; spare' }, { addLabels: { rack: 'a', spare: '' } }],
  [{ removeLabels: 'rack, tier spare;pool' }, { removeLabels: ['rack', 'tier', 'spare', 'pool'] }],
  [
    { maintenance: 'on', note: ' new fans ' },
    { maintenance: true, note: 'new fans' },
  ],
  [{ maintenance: 'on' }, { maintenance: true, note: null }],
  // The note of a choice that was taken back.
  [{ maintenance: 'off', note: 'new fans' }, { maintenance: false }],
])('%j asks for %j', (inputs, change) =>
  expect(bulkChange({ ...noBulkInputs, ...inputs })).toEqual({ ok: true, value: change }),
)

it.each([
  [{ addLabels: 'two words=a' }, 'addLabels', /“two words=a” is no label/],
  [{ removeLabels: 'rack=a' }, 'removeLabels', /“rack=a” is no label’s name/],
] as const)('%j is refused', (inputs, field, message) => {
  const change = bulkChange({ ...noBulkInputs, ...inputs })
  expect(change.ok ? undefined : change.issue.field).toBe(field)
  expect(change.ok ? '' : change.issue.message).toMatch(message)
})
