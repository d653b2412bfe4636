import { describe, expect, it } from 'vitest'
import type { ModelSource } from '../../engines/engine.ts'
import type { LaunchFile } from '../../engines/launch.ts'
import { requestDefaults, type RunRequest } from '../../memory/settings.ts'
import { machineOf } from '../../placement/fixtures.ts'
import { planModel } from '../../placement/plan-model.ts'
import type { Exl2EngineId, Placement } from '../../placement/verdict.ts'
import { bytes, gibibytes, mebibytes, MIB, tokens } from '../../units.ts'
import { LLAMA_3_70B, LLAMA_3_8B, modelOf } from '../fixtures.ts'
import { exl3Settings } from '../exllamav3/settings.ts'
import type { Exl2Format } from '../model.ts'
import { type Exl2Run, type GpuSplit, placeModules } from '../plan/run.ts'
import { type Exl2CacheMode, exl2Settings } from '../settings.ts'
import { exl2Engines } from './index.ts'
import { modelFolder } from './model-folder.ts'

/**
 * Parsers as the engines define their options, by name and by how many values follow: exllamav2/model_init.py with
 * examples/chat.py, exllamav3/model_init.py with its own examples/chat.py. Only those that a launch may use.
 */
const exl2Options = {
  ...{ '-m': 1, '-gs': 1, '-l': 1, '-chunk': 1, '-mode': 1 },
  ...{ '-nfa': 0, '-nxf': 0, '-c8': 0, '-cq4': 0, '-cq6': 0, '-cq8': 0 },
} as const
const exl3Options = { '-m': 1, '-gs': 1, '-cs': 1, '-cq': 1, '-chunk_size': 1, '-ambs': 1, '-mode': 1 } as const

function argparse(line: readonly string[], options: Readonly<Record<string, number>>): ReadonlyMap<string, string> {
  const [script, ...rest] = line
  expect(script).toBe('examples/chat.py')
  const found = new Map<string, string>()
  for (let at = 0; at < rest.length; at++) {
    const name = rest[at]!
    const values = options[name]
    if (values === undefined) throw new Error(`unrecognized arguments: ${name}`)
    found.set(name, values === 1 ? rest[++at]! : '')
  }
  return found
}

/** The fields of config_sample.yml: scalars, and lists of numbers. */
function readConfig({ content }: LaunchFile): Readonly<Record<string, Readonly<Record<string, unknown>>>> {
  const sections: Record<string, Record<string, unknown>> = {}
  let section: Record<string, unknown> = {}
  let list: unknown[] = []
  for (const line of content.split('\n').filter((one) => one.trim() !== '')) {
    const item = /^ {4}- (.+)$/.exec(line)
    if (item) {
      list.push(JSON.parse(item[1]!))
      continue
    }
    const [, indent, key, value] = /^( *)(\w+):(?: (.+))?$/.exec(line)!
    if (indent === '') section = sections[key!] = {}
    else if (value === undefined) section[key!] = list = []
    else section[key!] = JSON.parse(value)
  }
  return sections
}

const gpuSplit = (text: string, reserve: readonly number[]): GpuSplit =>
  text === 'auto'
    ? { kind: 'auto', reserve: reserve.map(bytes) }
    : { kind: 'manual', gigabytes: text.split(',').map(Number) }

/** What `exllamav2/model_init.py` makes of a line on so many cards, flash-attn installed. */
function runOfExl2(line: readonly string[], count: number): { readonly run: Exl2Run; readonly split: GpuSplit } {
  const found = argparse(line, exl2Options)
  const chunk = Number(found.get('-chunk'))
  const modes: readonly (readonly [string, Exl2CacheMode])[] = [
    ['-c8', 'FP8'],
    ['-cq4', 'Q4'],
    ['-cq6', 'Q6'],
    ['-cq8', 'Q8'],
  ]
  const settings = exl2Settings(tokens(Number(found.get('-l'))), {
    cacheMode: modes.find(([flag]) => found.has(flag))?.[1] ?? 'FP16',
    maxInputLen: tokens(chunk),
    maxAttentionSize: chunk ** 2,
    maxOutputLen: tokens(16),
    flashAttention: !found.has('-nfa'),
  })
  const reserve = Array.from({ length: count }, (_, at) => (at === 0 ? 192 : 64) * MIB)
  return { run: { format: 'exl2', settings }, split: gpuSplit(found.get('-gs')!, reserve) }
}

function runOfExl3(line: readonly string[], count: number): { readonly run: Exl2Run; readonly split: GpuSplit } {
  const found = argparse(line, exl3Options)
  const cacheTokens = Number(found.get('-cs'))
  expect(cacheTokens % 256).toBe(0)
  const [keys, values] = (found.get('-cq') ?? '').split(',').map(Number)
  const settings = exl3Settings(tokens(cacheTokens), {
    maxChunkSize: tokens(Number(found.get('-chunk_size'))),
    ...(values !== undefined && { cacheBits: { keys: keys!, values } }),
  })
  const reserve = Array.from({ length: count }, () => 512 * MIB)
  return { run: { format: 'exl3', settings }, split: gpuSplit(found.get('-gs')!, reserve) }
}

/** backends/exllamav2/model.py and backends/exllamav3/model.py of TabbyAPI, on so many cards. */
function runOfTabby(config: ReturnType<typeof readConfig>, count: number) {
  const model = config['model'] as Readonly<Record<string, number>> & {
    readonly gpu_split: readonly number[]
    readonly autosplit_reserve?: readonly number[]
  }
  const { max_seq_len: length, cache_size: size, chunk_size: chunk } = model as Readonly<Record<string, number>>
  const { gpu_split: shares, autosplit_reserve: reserve = [96] } = model
  expect([size! % 256, chunk! % 256]).toEqual([0, 0])
  expect(size!).toBeGreaterThanOrEqual(length!)
  const mode = String(model['cache_mode'])
  const told: GpuSplit =
    shares.length > 0
      ? { kind: 'manual', gigabytes: shares }
      : { kind: 'auto', reserve: Array.from({ length: count }, (_, at) => bytes((reserve[at] ?? 0) * MIB)) }
  if (String(model['backend']) === 'exllamav2') {
    const settings = exl2Settings(tokens(length!), {
      cacheTokens: tokens(size!),
      cacheMode: mode as Exl2CacheMode,
      maxInputLen: tokens(chunk!),
      maxAttentionSize: chunk! ** 2,
      maxOutputLen: tokens(16),
    })
    // On a single card it loads without a split, as if that had no end.
    return { run: { format: 'exl2', settings } as const, split: count === 1 ? gpuSplit('99999', []) : told }
  }
  const [keys, values] = mode.split(',').map(Number)
  const settings = exl3Settings(tokens(size!), {
    maxChunkSize: tokens(chunk!),
    ...(values !== undefined && { cacheBits: { keys: keys!, values } }),
  })
  return { run: { format: 'exl3', settings } as const, split: told }
}

interface Case {
  readonly engine: Exl2EngineId
  readonly format?: Exl2Format
  readonly gib: readonly number[]
  readonly request?: Partial<RunRequest>
  readonly small?: true
}

const source: ModelSource = { kind: 'path', path: '/srv/models/it’s 4.0bpw' }

function every({ engine: id, format = 'exl2', gib, request, small }: Case) {
  const machine = machineOf(
    gib.map((each) => ({ gib: each })),
    256,
  )
  const model = modelOf(small ? LLAMA_3_8B : LLAMA_3_70B, format)
  const engine = exl2Engines[id]
  const settings = { ...requestDefaults, contextLength: tokens(16_384), ...request }
  const verdict = planModel({ model, machine, engine, request: settings })
  if (!verdict.fits) throw new Error(JSON.stringify(verdict.reasons))
  return [verdict.best, ...verdict.others].map((placement) => ({
    placement,
    model,
    launch: engine.launch({ placement, machine, source }),
    available: placement.split.devices.map(({ device }) => {
      const card = machine.devices.find((one) => one.id === device)!
      return bytes(card.memoryTotal - mebibytes(384))
    }),
  }))
}

const cases: readonly (readonly [string, Case])[] = [
  ['ExLlamaV2 on one card', { engine: 'exllamav2', gib: [24], small: true }],
  ['ExLlamaV2 over two', { engine: 'exllamav2', gib: [24, 24], request: { exl2Cache: 'Q4' } }],
  ['ExLlamaV2 in small pieces', { engine: 'exllamav2', gib: [24], small: true, request: { batchSize: tokens(512) } }],
  ['ExLlamaV2 by itself', { engine: 'exllamav2', gib: [24, 48], request: { margin: mebibytes(256) } }],
  ['ExLlamaV2 without flash attention', { engine: 'exllamav2', gib: [24, 24, 24], request: { flashAttention: 'off' } }],
  ['ExLlamaV2 with FP8', { engine: 'exllamav2', gib: [24, 24], request: { exl2Cache: 'FP8' } }],
  ['ExLlamaV3 over three', { engine: 'exllamav3', format: 'exl3', gib: [24, 24, 24] }],
  ['ExLlamaV3 with Q6', { engine: 'exllamav3', format: 'exl3', gib: [24, 24], request: { exl2Cache: 'Q6' } }],
  ['ExLlamaV3 by itself', { engine: 'exllamav3', format: 'exl3', gib: [24, 48], request: { margin: mebibytes(256) } }],
  ['TabbyAPI with EXL2 on one card', { engine: 'tabbyapi', gib: [24], small: true }],
  ['TabbyAPI with EXL2 over two', { engine: 'tabbyapi', gib: [24, 48], request: { parallel: 4 } }],
  ['TabbyAPI with one cache for all', { engine: 'tabbyapi', gib: [24, 48], request: { parallel: 4, kvUnified: true } }],
  ['TabbyAPI with EXL3 on one card', { engine: 'tabbyapi', format: 'exl3', gib: [24], small: true }],
  ['TabbyAPI with EXL3 over two', { engine: 'tabbyapi', format: 'exl3', gib: [24, 48], request: { exl2Cache: 'Q8' } }],
]

const parsed = (launch: ReturnType<typeof every>[number]['launch'], engine: Exl2EngineId, count: number) => {
  if (engine === 'tabbyapi') return runOfTabby(readConfig(launch.files[0]!), count)
  return engine === 'exllamav2' ? runOfExl2(launch.arguments, count) : runOfExl3(launch.arguments, count)
}

const modulesOf = ({ exl2 }: Placement): readonly number[] => exl2!.modules

describe('a launch read back by the engine’s own options places the same modules', () => {
  it.each(cases)('%s', (_, one) => {
    const placements = every(one)
    for (const { placement, model, launch, available } of placements) {
      const count = placement.split.devices.length
      const { run, split } = parsed(launch, one.engine, count)
      expect(run).toEqual(placement.exl2!.run)
      // A card that has no end hides what it may take; a plan by hand depends on no card.
      const room = split.kind === 'manual' ? available.map(() => gibibytes(1000)) : available
      const placed = placeModules(model, run, split, room)
      if (!placed.ok) throw new Error(JSON.stringify(placed.issue))
      const counts = available.map((__, at) => placed.value.places.filter((place) => place === at).length)
      expect(counts).toEqual(modulesOf(placement))
    }
  })

  it('where the engine splits by itself too', () => {
    const kinds = cases.flatMap(([, one]) => every(one).map(({ placement }) => placement.exl2!.split.kind))
    expect(new Set(kinds)).toEqual(new Set(['manual', 'auto']))
  })
})

it('shows the process the cards of the plan by their UUIDs in the order of the bus', () => {
  const [{ launch }] = every({ engine: 'exllamav2', gib: [24, 24] }) as [ReturnType<typeof every>[number]]
  expect(launch.environment).toEqual([
    { name: 'CUDA_DEVICE_ORDER', value: 'PCI_BUS_ID' },
    {
      name: 'CUDA_VISIBLE_DEVICES',
      value: 'GPU-00000000-0000-0000-0000-000000000000,GPU-00000001-0000-0000-0000-000000000000',
    },
    { name: 'PYTORCH_CUDA_ALLOC_CONF', value: 'backend:native' },
  ])
})

it('TabbyAPI gets a config that states all of its model section that memory depends on', () => {
  const request = { parallel: 4, contextLength: tokens(20_000), batchSize: tokens(1000), exl2Cache: 'Q6' } as const
  const [{ launch }] = every({ engine: 'tabbyapi', gib: [24, 48], request }) as [ReturnType<typeof every>[number]]
  expect([launch.program, ...launch.arguments]).toEqual(['python', 'main.py', '--config', 'config.yml'])
  const [{ name, language, use, content }] = launch.files as [LaunchFile]
  expect([name, language, use]).toEqual(['config.yml', 'yaml', 'needed'])
  expect(content).toBe(`model:
  model_dir: "/srv/models"
  model_name: "it’s 4.0bpw"
  backend: "exllamav2"
  max_seq_len: 5000
  cache_size: 20224
  cache_mode: "Q6"
  tensor_parallel: false
  gpu_split_auto: false
  gpu_split:
    - 6.3
    - 46.6
  chunk_size: 1024
  max_batch_size: 4
  vision: false
network:
  host: "127.0.0.1"
  port: 5000
memory:
  cuda_malloc_async: false
`)
})

it.each<[ModelSource, string, string]>([
  [{ kind: 'hub', repository: 'turboderp/Llama-3-8B-exl2', revision: '4.0bpw' }, 'models', 'Llama-3-8B-exl2-4.0bpw'],
  [{ kind: 'hub', repository: 'turboderp/Llama-3-8B-exl2', revision: 'main' }, 'models', 'Llama-3-8B-exl2'],
  [{ kind: 'path', path: '/srv/models/one/' }, '/srv/models', 'one'],
  [{ kind: 'path', path: String.raw`C:\models\one` }, String.raw`C:\models`, 'one'],
  [{ kind: 'path', path: 'one' }, '.', 'one'],
  [{ kind: 'path', path: '/one' }, '/', 'one'],
])('%j lies in %s as %s', (where, parent, name) => {
  expect(modelFolder(where)).toEqual({ parent, name })
})
