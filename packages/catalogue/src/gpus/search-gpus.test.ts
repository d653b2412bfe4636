import { gibibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { catalogueGpus } from './gpus.ts'
import { type GpuSearch, searchGpus } from './search-gpus.ts'

describe('searchGpus', () => {
  it.each<[GpuSearch, readonly string[]]>([
    [{ text: '3090' }, ['nvidia-geforce-rtx-3090-24gb', 'nvidia-geforce-rtx-3090-ti-24gb']],
    // In any order and case, and by architecture.
    [{ text: ' ti  3090 GEFORCE' }, ['nvidia-geforce-rtx-3090-ti-24gb']],
    [{ text: 'gfx1151' }, ['amd-radeon-8060s']],
    [{ text: '4090', memoryMin: gibibytes(32) }, ['nvidia-geforce-rtx-4090-48gb']],
    [{ vendor: 'Intel', memoryMax: gibibytes(8), text: 'a5' }, ['intel-arc-a580-graphics-8gb']],
    [{ vendor: 'AMD', text: '3090' }, []],
    // Signs have no meaning of their own.
    [{ text: '.*' }, []],
  ])('%j', (search, expected) => {
    expect(searchGpus(search).map(({ id }) => id)).toEqual(expected)
  })

  it('finds everything when nothing is asked for', () => {
    expect(searchGpus({})).toEqual(catalogueGpus)
  })

  it('takes an id for a word', () => {
    for (const { id } of catalogueGpus) expect(searchGpus({ text: id }).map((gpu) => gpu.id)).toContain(id)
  })
})
