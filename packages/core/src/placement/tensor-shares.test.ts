import { describe, expect, it } from 'vitest'
import { engines } from '../engines/index.ts'
import { parseLlamaServer } from '../engines/llama-cpp-arguments.ts'
import { overhead } from '../memory/overhead.ts'
import { requestDefaults } from '../memory/settings.ts'
import { tokens } from '../units.ts'
import { llama8b, llamaModel, machineOf } from './fixtures.ts'
import { judge, plan } from './plan.ts'
import type { LayerSplit, Placement } from './verdict.ts'

const engine = engines['llama.cpp']
const model = llamaModel({ ...llama8b, blocks: 12 })
const request = { ...requestDefaults, contextLength: tokens(8192), splitMode: 'tensor' as const }
const sharesOf = ({ split }: Placement): readonly number[] => split.devices.map(({ layers }) => layers)
const tightest = ({ memory }: Placement): number =>
  Math.min(
    ...memory.filter(({ place, required }) => place.kind === 'device' && required > 0).map((one) => one.headroom),
  )

describe('split mode tensor', () => {
  const machine = machineOf([{ gib: 12 }, { gib: 6 }])
  const verdict = plan({ model, machine, engine, request })
  const best = verdict.fits ? verdict.best : undefined

  it('cuts every layer in the shares that leave the tightest device most', () => {
    expect(best?.split.tensor).toBe(true)
    expect(sharesOf(best!).reduce((sum, share) => sum + share, 0)).toBe(13)
    const all = Array.from({ length: 12 }, (_, at): number => {
      const devices = machine.devices.map(({ id }, device) => ({ device: id, layers: device === 0 ? at + 1 : 12 - at }))
      const split: LayerSplit = { devices, tensor: true, hostBlocks: 0, expertsOnHost: 0, overrides: [] }
      return tightest(judge({ model, machine, engine, request, split }).placement!)
    })
    expect(tightest(best!)).toBe(Math.max(...all))
  })

  it('is started as it was counted', () => {
    const launch = engine.launch({ placement: best!, machine, source: { kind: 'path', path: 'm.gguf' } })
    const parsed = parseLlamaServer(launch.arguments)
    expect(parsed).toMatchObject({ ok: true, value: { splitMode: 'tensor', tensorSplit: sharesOf(best!) } })
  })

  it('keeps what the devices exchange', () => {
    const [device] = machine.devices
    const terms = (deviceCount: number, splitMode: 'tensor' | 'layer'): readonly string[] =>
      overhead({
        device: device!,
        deviceCount,
        model,
        settings: { ...best!.settings, splitMode },
        flashAttention: true,
        holdsOutput: true,
      }).terms.map(({ name }) => name)
    expect(terms(2, 'tensor')).toContain('reduce buffers')
    expect(terms(1, 'tensor')).not.toContain('reduce buffers')
    expect(terms(2, 'layer')).not.toContain('reduce buffers')
  })

  it.each([
    ['an architecture without it', { ...model, architecture: 'mamba2' }, machine],
    ['cards that are too small', model, machineOf([{ gib: 2 }, { gib: 2 }])],
  ])('is not planned for %s', (_, shape, cards) => {
    expect(plan({ model: shape, machine: cards, engine, request }).fits).toBe(false)
  })
})
