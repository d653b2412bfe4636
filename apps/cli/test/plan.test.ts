import { catalogueHeader, catalogueModels } from '@berth/catalogue'
import type { Placement, SpeedEstimate } from '@berth/core'
import { inferTypes, writeSparseFile } from '@berth/gguf/encode'
import { beforeAll, describe, expect, it } from 'vitest'
import { berth, temporaryFolder } from './berth.ts'
import { nvidiaSmiXml, rtx3060, rtx3090 } from './nvidia-smi.ts'

const MODEL_ID = 'llama-3.3-70b'
const MODEL = `catalogue:${MODEL_ID}:Q4_K_M`

const folder = temporaryFolder()
const two = folder.write('two.xml', nvidiaSmiXml([rtx3090, rtx3090]))
const small = folder.write('small.xml', nvidiaSmiXml([rtx3060]))

interface PlanJson {
  readonly fits: boolean
  readonly best: Placement
  readonly speed: SpeedEstimate & { readonly explanation: readonly string[]; readonly warnings: readonly string[] }
  readonly launch: Readonly<Record<'shell' | 'powershell' | 'program', string>> & {
    readonly arguments: readonly string[]
  }
}

const planJson = async (args: readonly string[]) => {
  const ended = await berth(['plan', '--json', ...args])
  expect(ended.stderr).toBe('')
  return { code: ended.code, json: JSON.parse(ended.stdout) as PlanJson }
}

describe('a 70B on two 24 GB cards', () => {
  it('fits, with every layer on a GPU and every byte accounted for', async () => {
    const { code, json } = await planJson(['--machine', two, '--model', MODEL, '--ctx', '8192'])
    expect(code).toBe(0)
    expect(json.fits).toBe(true)
    const { devices } = json.best.split
    expect(devices).toHaveLength(2)
    expect(devices.reduce((sum, { layers }) => sum + layers, 0)).toBe(81)
    for (const { model, context, compute, overhead, required, headroom, place } of json.best.memory) {
      expect(model + context + compute + overhead).toBe(required)
      if (place.kind === 'device') expect(headroom).toBeGreaterThanOrEqual(0)
    }
    const onDevices = json.best.memory.filter(({ place }) => place.kind === 'device')
    // 80 blocks × 8192 cells × 1024 × 2 bytes × (K and V).
    expect(onDevices.reduce((sum, { context }) => sum + context, 0)).toBe(80 * 8192 * 1024 * 2 * 2)
  })

  it('starts by a command that states the split', async () => {
    const { json } = await planJson(['--machine', two, '--model', MODEL, '--ctx', '8192'])
    const words = json.launch.arguments
    const layers = json.best.split.devices.map((device) => device.layers)
    expect(words[words.indexOf('-ts') + 1]).toBe(layers.join(','))
    expect(words[words.indexOf('-c') + 1]).toBe('8192')
    expect(json.launch.shell).toContain(`-ts ${layers.join(',')}`)
    expect(json.launch.powershell).toContain(`-ts`)
  })

  it('has a speed, as ranges with what they rest on', async () => {
    const { json } = await planJson(['--machine', two, '--model', MODEL, '--ctx', '8192', '-np', '2'])
    const { prompt, generation, basis, certainty, explanation, warnings } = json.speed
    for (const { low, high } of [prompt, generation.oneSlot, generation.allSlots]) expect(low).toBeLessThan(high)
    // Two cards of 936 GB/s read 42.5 GB of weights a token.
    expect(generation.oneSlot.low).toBeGreaterThan(8)
    expect(generation.oneSlot.high).toBeLessThan(22)
    expect(certainty).toBe('estimated')
    expect(basis).toContainEqual(expect.objectContaining({ peak: { perSecond: 936.2e9, from: 'catalogue' } }))
    expect(explanation.join('\n')).toContain('memory bandwidth of 936 GB/s, from the catalogue')
    // A card at rest shows generation 1 of 4, and 8 lanes are 8 under load as well.
    expect(explanation.join('\n')).toContain('over PCIe through host memory of 16 GB/s, as given')
    expect(warnings).toEqual(['GPU 0 runs on 8 of 16 PCIe lanes.', 'GPU 1 runs on 8 of 16 PCIe lanes.'])
  })

  it('takes the flags in llama.cpp’s own spelling', async () => {
    const plain = await planJson(['--machine', two, '--model', MODEL, '--ctx', '8192', '--ctk', 'q8_0', '--fa', 'on'])
    const short = await planJson(['--machine', two, '--model', MODEL, '-c', '8192', '-ctk', 'q8_0', '-fa', 'on'])
    expect(short).toEqual(plain)
    expect(plain.json.best.settings.cacheTypeK).toBe('q8_0')
  })

  it('is planned alike from its file, of which only the header is read', async () => {
    const file = folder.path('llama-70b.gguf')
    const model = catalogueModels.find(({ id }) => id === MODEL_ID)!
    const header = catalogueHeader(model, 'Q4_K_M')
    const bytes = await writeSparseFile(file, { metadata: inferTypes(header), tensors: header.tensors })
    expect(bytes).toBeGreaterThan(42e9)
    const fromFile = await planJson(['--machine', two, '--model', file, '--ctx', '8192'])
    const fromCatalogue = await planJson(['--machine', two, '--model', MODEL, '--ctx', '8192'])
    expect(fromFile.json.best).toEqual(fromCatalogue.json.best)
    expect(fromFile.json.launch.shell).toContain(file)
  })

  it('is told to people as a table and a command', async () => {
    const { code, stdout, stderr } = await berth(['plan', '--machine', two, '--model', MODEL, '--ctx', '8192'])
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/: fits\n/)
    expect(stdout).toMatch(/GPU 0 NVIDIA GeForce RTX 3090 +\d+ /)
    expect(stdout).toMatch(/llama-server .*-ts \d+,\d+/)
    expect(stdout).toMatch(
      /\n {2}speed, estimated: prompts [\d,]+ to [\d,]+ tokens\/s, generation [\d.]+ to [\d.]+ tokens\/s\n {4}- A token with a full context, GPU 0: /,
    )
    expect(stdout).toContain('\n  what slows it:\n    - GPU 0 runs on 8 of 16 PCIe lanes.\n')
  })
})

describe('a 70B on one 12 GB card', () => {
  it('does not fit, with every reason and its numbers, and exit code 2', async () => {
    const { code, json } = await planJson(['--machine', small, '--model', MODEL, '--ctx', '8192'])
    expect(code).toBe(2)
    expect(json).toMatchObject({
      fits: false,
      reasons: [
        { code: 'insufficient-memory', capacity: (12_288 - 243) * 1024 ** 2, margin: 1024 ** 3, used: 1024 ** 2 },
        { code: 'host-memory-unknown' },
      ],
    })
    expect(json).not.toHaveProperty('launch')
    expect(json).not.toHaveProperty('speed')
  })

  it('says so in words', async () => {
    const { code, stdout } = await berth(['plan', '--machine', small, '--model', MODEL, '--ctx', '8192'])
    expect(code).toBe(2)
    expect(stdout).toMatch(/: does not fit\n {2}- .*GiB/)
  })
})

describe('several machines in one file', () => {
  let lab = ''
  beforeAll(async () => {
    const named = async (file: string, name: string) =>
      JSON.parse((await berth(['import', file, '--name', name])).stdout) as unknown
    lab = folder.write('lab.json', JSON.stringify([await named(small, 'lab-1'), await named(two, 'lab-2')]))
  })

  it('gives a list, each verdict under its machine', async () => {
    const { code, json } = await planJson(['--machine', lab, '--model', MODEL, '--ctx', '8192'])
    expect(code).toBe(0)
    expect(json).toMatchObject([
      { machine: 'lab-1', fits: false },
      { machine: 'lab-2', fits: true },
    ])
  })

  it('plans for one of them by name, as for a file of its own', async () => {
    const one = await planJson(['--machine', lab, '--machine-name', 'lab-2', '--model', MODEL, '--ctx', '8192'])
    expect(one.json).toMatchObject({ fits: true })
    const other = await planJson(['--machine', lab, '--machine-name', 'lab-1', '--model', MODEL, '--ctx', '8192'])
    expect(other.code).toBe(2)
  })

  it('lists the names when none matches', async () => {
    const { code, stderr } = await berth(['plan', '--machine', lab, '--machine-name', 'lab-3', '--model', MODEL])
    expect(code).toBe(1)
    expect(stderr).toBe('error: --machine-name: no machine is called "lab-3"; the file has lab-1, lab-2\n')
  })
})

describe('an objective', () => {
  const eight = 'catalogue:llama-3-8b:Q4_K_M'
  const ask = ['--machine', two, '--model', eight, '--ctx', '8192']

  it('chooses among placements that fit, by either name of the option', async () => {
    const wide = await planJson(ask)
    const few = await planJson([...ask, '--objective', 'fewest-devices'])
    expect(wide.json.best.split.devices).toHaveLength(2)
    expect(few.json.best.split.devices).toHaveLength(1)
    expect(await planJson([...ask, '--prefer=fewest-devices'])).toEqual(few)
  })

  it('leaves room for another model, which has to be named', async () => {
    const room = ['--objective', 'room-for-another']
    const { code, json } = await planJson([...ask, ...room, '--beside', 'catalogue:llama-3-8b:Q8_0'])
    expect({ code, fits: json.fits }).toEqual({ code: 0, fits: true })
    expect(await berth(['plan', ...ask, ...room])).toMatchObject({
      code: 1,
      stderr: 'error: --objective room-for-another: name the other model with --beside\n',
    })
    expect(await berth(['plan', ...ask, ...room, '--beside', 'catalogue:nope:Q8_0'])).toMatchObject({
      code: 1,
      stderr: 'error: --beside: the catalogue has no "nope"; `berth models` lists what it has\n',
    })
    expect(await berth(['plan', ...ask, '--beside', eight])).toMatchObject({
      code: 1,
      stderr: 'error: --beside: only --objective room-for-another leaves room for another model\n',
    })
  })
})

describe('several models at once', () => {
  const both = ['--model', 'catalogue:llama-3-8b:Q4_K_M', '--also', 'catalogue:qwen3-0.6b:Q8_0', '--ctx', '8192']

  it('get a placement and a command each, with the others running', async () => {
    const ended = await berth(['plan', '--json', '--machine', two, ...both])
    expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code: 0, stderr: '' })
    const json = JSON.parse(ended.stdout) as {
      readonly fits: boolean
      readonly placements: readonly Placement[]
      readonly launches: readonly { readonly shell: string }[]
    }
    expect(json.fits).toBe(true)
    expect(json.launches.map(({ shell }) => /-m (\S+)/.exec(shell)?.[1])).toEqual([
      'llama-3-8b-Q4_K_M.gguf',
      'qwen3-0.6b-Q8_0.gguf',
    ])
    const [first, second] = json.placements
    for (const [at, { place, used }] of first!.memory.entries()) {
      if (place.kind === 'device') expect(used - 1024 ** 2).toBe(second!.memory[at]!.required)
    }
  })

  it('are told to people with a command each', async () => {
    const { code, stdout } = await berth(['plan', '--machine', two, ...both])
    expect(code).toBe(0)
    expect(stdout).toMatch(/: fits all 2\n/)
    expect(stdout.match(/llama-server -m /g)).toHaveLength(2)
  })

  it('find no room together where each would alone: exit code 2, and who and why', async () => {
    const eight = 'catalogue:llama-3-8b:Q8_0'
    expect((await berth(['plan', '--machine', small, '--model', eight, '--ctx', '8192'])).code).toBe(0)
    const ended = await berth(['plan', '--machine', small, '--model', eight, '--also', eight, '--ctx', '8192'])
    expect(ended.code).toBe(2)
    expect(ended.stdout).toMatch(
      /: there is no placement of all 2: no room for Llama 3 8B beside the others\n {2}- .*GiB/,
    )
  })

  it('are eight at most, and have one objective', async () => {
    const more = Array.from({ length: 8 }, () => ['--also', 'catalogue:qwen3-0.6b:Q8_0']).flat()
    const ask = ['plan', '--machine', two, '--model', 'catalogue:qwen3-0.6b:Q8_0']
    expect(await berth([...ask, ...more])).toMatchObject({
      code: 1,
      stderr: 'error: --also: 8 models at most are planned together\n',
    })
    expect(await berth([...ask, ...more.slice(0, 2), '--objective', 'fastest'])).toMatchObject({
      code: 1,
      stderr: 'error: --objective: models planned together are given most headroom\n',
    })
  })
})

it('a smaller mix of the catalogue model is a remedy', async () => {
  const args = ['--machine', small, '--model', 'catalogue:llama-3-8b:F16', '--ctx', '8192']
  const { code, stdout } = await berth(['plan', ...args])
  expect(code).toBe(2)
  expect(stdout).toMatch(/Take a smaller file of the model: Q8_0\. Costs some quality\./)
})
