import { bytes, gibibytes } from '@berth/core'
import { describe, expect, it } from 'vitest'

import { issueOf, machineOf, readingOf, warningCodes } from '../testing/read.ts'

const cards = (count: number) =>
  `index, name, memory.total [MiB], memory.used [MiB]\n${Array.from({ length: count }, (_, index) => `${index}, NVIDIA L4, 23034 MiB, 2048 MiB`).join('\n')}\n`
const loaded = (...sizes: readonly (readonly [unknown, unknown])[]) =>
  JSON.stringify(
    {
      models: sizes.map(([size, sizeVram], place) => ({
        name: `llama-${place}:8b`,
        size,
        size_vram: sizeVram,
        digest: 'f0',
      })),
    },
    null,
    2,
  )
const usedOn = (text: string) => machineOf(text).devices.map((device) => device.memoryUsed)

describe('/api/ps of Ollama', () => {
  it('tells which models are loaded, and makes no machine', () => {
    const text = `host: lab-05\n${loaded([7e9, 5e9], [3e9, 0])}`
    expect(readingOf(text)).toMatchObject({
      machines: [],
      observations: [
        {
          hostName: 'lab-05',
          cards: [],
          models: [
            { name: 'llama-0:8b', size: bytes(7e9), sizeOnDevices: bytes(5e9) },
            { name: 'llama-1:8b', size: bytes(3e9), sizeOnDevices: bytes(0) },
          ],
        },
      ],
    })
    expect(warningCodes(text)).toEqual(['observation-unmatched'])
  })

  it.each([
    ['more than was measured', loaded([6e9, 6e9], [5e9, 3e9]), bytes(9e9)],
    ['less than was measured: others use it too', loaded([1e9, 1e9]), gibibytes(2)],
    ['nothing', loaded(), gibibytes(2)],
  ])('is a lower bound of what is used on the only card: %s', (_, text, used) => {
    expect(usedOn(`${cards(1)}\n${text}`)).toEqual([used])
    expect(warningCodes(`${cards(1)}\n${text}`)).toEqual([])
  })

  it('says nothing of one card among several, nor of a card that is too small for it', () => {
    expect(usedOn(`${cards(2)}\n${loaded([6e9, 6e9])}`)).toEqual([gibibytes(2), gibibytes(2)])
    expect(warningCodes(`${cards(2)}\n${loaded([6e9, 6e9])}`)).toEqual(['observation-unmatched'])
    expect(usedOn(`${cards(1)}\n${loaded([6e10, 6e10])}`)).toEqual([gibibytes(2)])
  })

  it('names the field that is no size', () => {
    const issue = { code: 'value-invalid', format: 'ollama-ps' }
    expect(issueOf(loaded([1, 1], [1, 'all']))).toMatchObject({ ...issue, field: 'models[1].size_vram', line: 12 })
    expect(issueOf(loaded([-1, 0]))).toMatchObject({ ...issue, field: 'models[0].size', detail: '-1' })
    const many = loaded(...Array.from({ length: 1025 }, () => [1, 1] as const))
    expect(issueOf(many)).toMatchObject({ code: 'limit-exceeded', limit: 1024 })
    // What lies on disk is not loaded.
    expect(issueOf('{"models": [{"name": "a", "size": 1}]}')).toMatchObject({ code: 'unrecognised' })
  })
})
