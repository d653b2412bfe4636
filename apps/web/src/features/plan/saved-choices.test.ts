import { deviceId, gibibytes, type LayerSplit, type Machine, machineId } from '@berth/core'
import { createLoader } from 'nuqs/server'
import { describe, expect, it } from 'vitest'
import { readEngine } from './engine-choice.ts'
import { modelRefOf, planParsers, requestOf } from './plan-inputs.ts'
import { choicesOf, savedInputs } from './saved-choices.ts'

const read = createLoader(planParsers)
const machine: Machine = {
  id: machineId('m'),
  name: 'lab',
  links: [],
  devices: [0, 1].map((index) => ({
    id: deviceId(`card-${index}`),
    index,
    name: 'RTX 3090',
    backend: 'cuda',
    memoryTotal: gibibytes(24),
    memory: {},
    unified: false,
  })),
}
const split: LayerSplit = {
  devices: machine.devices.map(({ id }, at) => ({ device: id, layers: 40 + at })),
  hostBlocks: 0,
  expertsOnHost: 0,
  overrides: [],
}

describe('what a plan keeps beside its request', () => {
  it.each([
    ['?model=llama&mix=Q4_K_M&ctx=4096'],
    ['?model=m1&prefer=fewest-devices&engine=llama.cpp'],
    ['?model=m1&prefer=room-for-another&other=qwen&otherMix=Q8_0'],
  ])('leads back to %s', (address) => {
    const inputs = read(address)
    const saved = {
      ...{ model: modelRefOf(inputs)!, machineId: machine.id, request: requestOf(inputs) },
      ...{ ...readEngine(inputs.engine), ...choicesOf(inputs, split) },
    }
    const shown = { machine: machine.id, split: 'gpu-0:40,gpu-1:41' }
    expect({ ...read(''), ...savedInputs(saved, machine) }).toEqual({ ...inputs, ...shown })
  })

  it('names no objective for another model before that is chosen', () => {
    expect(choicesOf(read('?model=m1&prefer=room-for-another'), undefined)).toEqual({})
  })
})
