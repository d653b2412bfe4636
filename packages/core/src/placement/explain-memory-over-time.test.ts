import { expect, it } from 'vitest'
import { engineOf } from '../engines/index.ts'
import { requestDefaults } from '../memory/settings.ts'
import { bytes, tokens } from '../units.ts'
import { explainMemoryOverTime, explainStep } from './explain-memory-over-time.ts'
import { llama8b, llamaModel, machineOf } from './fixtures.ts'
import { contextsAtOnce, contextsWhenAsked, type CreationInput, memoryOverTime } from './memory-over-time.ts'
import { plan } from './plan.ts'

const model = llamaModel(llama8b)
const request = { ...requestDefaults, contextLength: tokens(8192), margin: bytes(0) }
const names = ['Chat', 'Summary']

function pairOn(gib: number): CreationInput {
  const machine = machineOf([{ gib }])
  const verdict = plan({ model, machine, engine: engineOf('llamasharp')!, request })
  if (!verdict.fits) throw new Error('does not fit')
  const one = { model, placement: verdict.best }
  return { machine, residents: [one, one], oneProcess: true }
}

it.each([
  [
    'all fit',
    24,
    contextsAtOnce(2),
    'All of them run, with 13.02 GiB left on GPU 0 (card of 24 GiB). Any other order ends the same.',
  ],
  [
    'a first prompt fails of what was created first',
    10.9,
    contextsAtOnce(2),
    'Step 5, the first prompt of Chat, lacks 37.1 MiB on GPU 0 (card of 10.9 GiB). No order avoids it, as nothing is given back. Create each context right after its weights and send it a prompt before the next model is loaded: then the context of Summary fails, and those before it run on.',
  ],
  [
    'a context fails that was put off',
    10.4,
    contextsWhenAsked([1, 0]),
    'Step 5, the context of Chat, lacks 549 MiB on GPU 0 (card of 10.4 GiB). No order avoids it, as nothing is given back. Create each context right after its weights and send it a prompt before the next model is loaded: then the context of Summary fails, and those before it run on.',
  ],
  ['nothing is loaded', 24, [], 'Nothing is loaded.'],
])('%s', (_, gib, steps, expected) => {
  const input = pairOn(gib)
  expect(explainMemoryOverTime(input, memoryOverTime(input, steps), names)).toBe(expected)
})

it('names a step', () => {
  expect(explainStep({ resident: 1, event: 'weights' }, names)).toBe('weights of Summary')
})
