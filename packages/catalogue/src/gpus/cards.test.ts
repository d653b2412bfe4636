import {
  gibibytes,
  machineId,
  oneUpgradeAway,
  requestDefaults,
  tokens,
  engines,
  explainUpgrade,
  describeModel,
} from '@berth/core'
import { describe, expect, it } from 'vitest'
import { catalogueHeader } from '../catalogue-model.ts'
import { findCatalogueModel } from '../models/models.ts'
import { sampleLab } from '../sample-lab.ts'
import { cardsToBuy, isCard } from './cards.ts'
import { catalogueGpus } from './gpus.ts'

describe('cards that one can buy', () => {
  const cards = catalogueGpus.filter(isCard)

  it.each([
    ['NVIDIA GeForce RTX 3090', true],
    ['NVIDIA H100 PCIe', true],
    ['NVIDIA H200 NVL', true],
    ['AMD Radeon RX 7900 XTX', true],
    ['Intel(R) Arc(TM) B580 Graphics', true],
    ['NVIDIA A100-SXM4-80GB', false],
    ['NVIDIA B300 SXM6 AC', false],
    ['NVIDIA H200', false],
    ['NVIDIA GeForce RTX 4090 Laptop GPU', false],
    ['NVIDIA GB10', false],
    ['Apple M2 Ultra', false],
    ['AMD Instinct MI300X', false],
  ])('%s: %s', (name, isOne) => {
    expect(catalogueGpus.some((gpu) => gpu.name === name)).toBe(true)
    expect(cards.some((gpu) => gpu.name === name)).toBe(isOne)
  })

  it('are most of the catalogue, each once', () => {
    expect(cards.length).toBeGreaterThan(100)
    expect(new Set(cards.map(({ id }) => id)).size).toBe(cards.length)
    // One name at two sizes is two cards, but for the board that only workshops make.
    expect(cards.filter(({ name }) => name === 'NVIDIA GeForce RTX 4090')).toHaveLength(1)
    expect(cards.filter(({ name }) => name === 'NVIDIA GeForce RTX 3080')).toHaveLength(2)
  })

  it('hold what the catalogue says, and say whence they are', () => {
    const card = cardsToBuy({ id: machineId('m') }).find(({ product }) => product.name === 'NVIDIA GeForce RTX 3090')
    expect(card?.origin).toEqual({ kind: 'catalogue', gpu: 'nvidia-geforce-rtx-3090-24gb' })
    expect(card?.product.memory.nominal).toEqual({ bytes: gibibytes(24), provenance: 'catalogue' })
    expect(card?.product).not.toHaveProperty('id')
  })
})

it.each([
  ['lab-04', ['NVIDIA A40 (48.00 GiB) in place of GPU 0 (NVIDIA GeForce RTX 4060 Ti): it then fits on the GPUs']],
])('%s is one upgrade away from a 70B', (name, expected) => {
  const machine = sampleLab().find((one) => one.name === name)!
  const header = catalogueHeader(findCatalogueModel('llama-3.3-70b')!, 'Q4_K_M')
  const described = describeModel(header)
  if (!described.ok) throw new Error('the catalogue is broken')
  const answer = oneUpgradeAway(machine, {
    ...{ model: described.value, engine: engines['llama.cpp'], mayRelyOnHost: false, cards: cardsToBuy(machine) },
    request: { ...requestDefaults, contextLength: tokens(8192) },
  })
  const sentences = answer.state === 'upgradable' ? answer.upgrades.map((one) => explainUpgrade(one, machine)) : []
  expect(sentences.map((sentence) => sentence.replace(/, with \d.*$/, ''))).toEqual(expected)
})
