import { describe, expect, it } from 'vitest'
import { engines } from '../engines/index.ts'
import { requestDefaults, type RunRequest } from '../memory/settings.ts'
import type { TypicalCapability } from '../memory/typical-cards.ts'
import { llama8b, llamaModel, machineOf, mixture, type ModelShape } from '../placement/fixtures.ts'
import { plan } from '../placement/plan.ts'
import { tokens } from '../units.ts'
import { explainModelMemory, type ModelMemory } from './explain-memory.ts'
import type { Model } from './model.ts'

const engine = engines['llama.cpp']
const model = llamaModel(llama8b)

const asked = (request: Partial<RunRequest> = {}): RunRequest => ({
  ...requestDefaults,
  contextLength: tokens(8192),
  ...request,
})

function explained(
  about: Model,
  request: Partial<RunRequest> = {},
  capability: TypicalCapability = '8.6',
): ModelMemory {
  const answer = explainModelMemory({ model: about, engine, request: asked(request), capability })
  if (!answer.ok) throw new Error(answer.issue.join(' '))
  return answer.value
}

const figure = (memory: ModelMemory, id: string) =>
  memory.groups.flatMap(({ figures }) => figures).find((one) => one.id === id)

const sum = (numbers: readonly number[]): number => numbers.reduce((total, number) => total + number, 0)

const cases: readonly [string, Partial<ModelShape>, Partial<RunRequest>, TypicalCapability][] = [
  ['as it comes', {}, {}, '8.6'],
  ['tied embeddings', { tied: true }, {}, '12.0'],
  ['experts', mixture, {}, '7.5'],
  ['slots', {}, { parallel: 4 }, '8.9'],
  [
    'a shared cache of quantized keys and values',
    {},
    { parallel: 3, kvUnified: true, cacheTypeK: 'q8_0', cacheTypeV: 'q8_0' },
    '9.0',
  ],
  ['no flash attention, no integer kernel', {}, { flashAttention: 'off', ubatchSize: tokens(1024) }, '7.0'],
  ['a small ubatch', {}, { ubatchSize: tokens(32) }, '6.0'],
  // Rows of 1,280 elements are padded to 1,536 on the device.
  ['narrow rows', { embedding: 1280, feedForward: 1280, type: 'q8_0' }, {}, '8.6'],
  ['matrices in f16', { type: 'f16' }, { parallel: 16 }, '8.0'],
]

describe('explainModelMemory', () => {
  it.each(cases)('adds up: %s', (_, shape, request, capability) => {
    for (const described of [true, false]) {
      const memory = explained({ ...llamaModel({ ...llama8b, ...shape }), described }, request, capability)
      for (const group of memory.groups) {
        expect(group.device, group.part).toBe(sum(group.figures.map(({ device }) => device)))
        expect(group.host, group.part).toBe(sum(group.figures.map(({ host }) => host)))
        const withFormula = [
          ...group.figures,
          ...(group.formula ? [{ ...group, ...group.formula, id: group.part }] : []),
        ]
        for (const { id, lines, device, host } of withFormula) {
          expect(sum(lines.map(({ bytes = 0 }) => bytes)), id).toBe(device + host)
        }
      }
      expect(memory.total.device).toBe(sum(memory.groups.map(({ device }) => device)))
      expect(memory.total.host).toBe(sum(memory.groups.map(({ host }) => host)))
    }
  })

  it.each(cases)('says what the plan says of one such card: %s', (_, shape, request, capability) => {
    const about = llamaModel({ ...llama8b, ...shape })
    const memory = explained(about, request, capability)
    const machine = machineOf([{ gib: 512, architecture: capability }], 512)
    const verdict = plan({ model: about, machine, engine, request: asked(request) })
    if (!verdict.fits) throw new Error('it fits')
    const [device, host] = verdict.best.memory
    const parts = ['model', 'context', 'compute', 'overhead'] as const
    expect(Object.fromEntries(memory.groups.map((group) => [group.part, group.device]))).toEqual(
      Object.fromEntries(parts.map((part) => [part, device![part]])),
    )
    expect(Object.fromEntries(memory.groups.map((group) => [group.part, group.host]))).toEqual(
      Object.fromEntries(parts.map((part) => [part, host![part]])),
    )
    expect(memory.total.device - memory.total.deviceAtLoad).toBe(device!.atFirstPrompt)
    expect(memory.flashAttention).toBe(verdict.best.flashAttention)
  })

  it('opens the weights to their tensors', () => {
    const blocks = figure(explained(model), 'blocks attention')!
    expect(blocks.detail).toBe('32 blocks')
    expect(blocks.lines.map(({ text }) => text)).toEqual([
      '32 × ffn_gate.weight: 4,096 × 14,336 in q4_K',
      '32 × ffn_up.weight: 4,096 × 14,336 in q4_K',
      '32 × ffn_down.weight: 14,336 × 4,096 in q4_K',
      '32 × attn_q.weight: 4,096 × 4,096 in q4_K',
      '32 × attn_output.weight: 4,096 × 4,096 in q4_K',
      '32 × attn_k.weight: 4,096 × 1,024 in q4_K',
      '32 × attn_v.weight: 4,096 × 1,024 in q4_K',
      '32 × attn_norm.weight: 4,096 in f32',
      '32 × ffn_norm.weight: 4,096 in f32',
      'f32: 4 bytes an element; q4_K: 144 bytes for 256 elements',
      'blocks 0–31; one has 122,716,160 bytes',
    ])
    expect(blocks.lines[0]!.bytes).toBe((32 * 4096 * 14336 * 144) / 256)
  })

  it('says where tied embeddings lie twice', () => {
    const tied = explained(llamaModel({ ...llama8b, tied: true }))
    const table = (4096 * 128256 * 144) / 256
    expect(figure(tied, 'input-layer')!.host).toBe(table)
    expect(figure(tied, 'output-layer')!.device).toBe(table + 4096 * 4)
    expect(tied.groups[0]!.formula!.lines.map(({ text }) => text)).toContain(
      'token_embd a second time, with the output layer',
    )
  })

  it('keeps on the host what no GPU has a kernel for, and says why', () => {
    const names = model.blockTensors.map(([, query]) => query!.name)
    const memory = explained({ ...model, hostTensors: new Set(names) })
    const blocks = figure(memory, 'blocks attention')!
    const query = (32 * 4096 * 4096 * 144) / 256
    expect(memory.groups[0]!.host).toBe(query + (4096 * 128256 * 144) / 256)
    expect([blocks.host, blocks.device]).toEqual([query, figure(explained(model), 'blocks attention')!.device - query])
    expect(blocks.lines).toContainEqual({
      text: '32 × attn_q.weight: 4,096 × 4,096 in q4_K, on the host',
      bytes: query,
    })
    expect(blocks.lines.map(({ text }) => text)).toContain(
      'on the host: what no GPU has a kernel for (weight_buft_supported)',
    )
  })

  it('counts the weights of blocks that run twice once', () => {
    const half = 16
    const weightBlock = model.weightBlock.map((il) => il % half)
    const blockTensors = model.blockTensors.map((tensors, il) => (il < half ? tensors : []))
    const blockBytes = model.blockBytes.map((sizes, il) => (il < half ? sizes : { device: 0, host: 0 }))
    const looped = figure(explained({ ...model, weightBlock, blockTensors, blockBytes }), 'blocks attention')!
    expect(looped.detail).toBe('32 blocks')
    expect(looped.device).toBe(figure(explained(model), 'blocks attention')!.device / 2)
    expect(looped.lines.at(-1)!.text).toBe('the weights of 16 blocks serve all of them')
  })

  it('puts the numbers of the context into its formula', () => {
    const memory = explained(model, { parallel: 3, contextLength: tokens(10_000) })
    expect(figure(memory, 'context attention')).toEqual({
      id: 'context attention',
      label: 'Attention',
      detail: '32 blocks',
      device: 32 * 3 * 3584 * 2048 * 2,
      host: 0,
      certainty: 'exact',
      lines: [
        {
          text: '32 blocks × 10,752 cells × (K 1,024 in f16 + V 1,024 in f16)',
          bytes: 32 * 3 * 3584 * 2048 * 2,
        },
        { text: 'cells: 10,000 tokens over 3 slots, padded to 256: 3,584 a slot, 3 slots' },
        { text: 'f16: 2 bytes an element' },
      ],
      source: 'llama_kv_cache',
    })
    expect(memory.perToken).toMatchObject({
      device: 32 * 2048 * 2,
      lines: [{ text: '32 blocks × (K 1,024 in f16 + V 1,024 in f16)', bytes: 32 * 2048 * 2 }],
    })
  })

  it('shows what fills the compute buffer, the holes included', () => {
    const [device, host] = explained(model).groups[2]!.figures
    expect(device!.lines.map(({ text }) => text)).toEqual([
      'MUL_MAT with ffn_gate: 14,336 × 512 in f32',
      'MUL_MAT with ffn_up: 14,336 × 512 in f32',
      'GLU: 14,336 × 512 in f32',
      'input: mask of the attention: 8,192 × 512 in f16',
      'ADD: 4,096 × 512 in f32',
      '2 × input: cells to write: 512 in i64',
      'input: positions: 512 in i32',
      'input: rows whose logits are wanted: 1 in i32',
      'holes between them that what came next did not fit into',
      'the fullest moment of a prompt of 512 tokens with 1 row of logits, or of generating 1: the prompt takes more',
      'every operation placed by the scheduler and given an address by the allocator, as the engine does',
    ])
    expect(host!.lines.map(({ text }) => text)).toContain(
      'input: embeddings, were they given instead of tokens: 4,096 × 512 in f32',
    )
  })

  it('shows the copies that a quantized cache needs behind the attention', () => {
    const [device] = explained(model, { cacheTypeK: 'q8_0', cacheTypeV: 'q5_1', contextLength: tokens(65_536) })
      .groups[2]!.figures
    expect(device!.lines[0]!.text).toBe('FLASH_ATTN_EXT: 128 × 32 × 512 in f32, with f16 copies of K and V behind it')
  })

  it('opens the pool to its largest operation', () => {
    const pool = figure(explained(model), 'overhead quantized activations')!
    expect(pool.lines).toEqual([
      { text: 'activations in q8_1: 512 × 14,336 × 1.125', bytes: 8257536 },
      { text: 'tail of the last tile: 128 × 144', bytes: 18432 },
      { text: 'stream-k fix-up of every multiprocessor: 192 × 128 × 128 × 4', bytes: 12582912 },
      { text: 'the pool grows by granules of 2 MiB, and one more', bytes: pool.device - 8257536 - 18432 - 12582912 },
      { text: 'operations run one at a time: the largest one’s temporaries are the pool’s peak' },
    ])
  })

  it('is as sure as its parts, on each place', () => {
    const { groups, total } = explained(model)
    expect(groups.map(({ part, certainty }) => [part, certainty.device, certainty.host])).toEqual([
      ['model', 'exact', 'exact'],
      ['context', 'exact', 'exact'],
      ['compute', 'exact', 'exact'],
      ['overhead', 'upper-bound', 'assumed'],
    ])
    expect(total.certainty).toEqual({ device: 'upper-bound', host: 'assumed' })
  })

  it('says of an architecture that is not described what is assumed, and why', () => {
    const { groups } = explained({ ...model, architecture: 'falcon-h1', described: false })
    expect(groups.map(({ certainty }) => certainty.device)).toEqual(['exact', 'assumed', 'assumed', 'upper-bound'])
    const [device] = groups[2]!.figures
    expect(device!.lines.map(({ text }) => text)).toEqual([
      'masks: 1 × 2 × 8,192 × 1 × 512 × 4',
      'inputs: 1 × 2 × 512 × 4,096 × 4',
      'attention scores: 8,192 × 512 × 32 × 4',
      'K and V of one block in f16: 2 × 1,024 × 8,192 × 1 × 2',
      'every product of the widest block, twice: 2 × 43,008 × 512 × 4',
      'residuals and norms: 6 × 512 × 4,096 × 4',
      'logits and the rows they are made of: 1 × 132,352 × 4',
      'the graph of falcon-h1 is not described: every product of a block counted as alive at once, twice over',
    ])
    expect(groups[1]!.figures[0]!.lines.at(-1)!.text).toBe(
      'the architecture is not described: every block with heads is taken to keep all of them',
    )
  })

  it('answers with the reasons of a request that the engine refuses', () => {
    const request = asked({ flashAttention: 'off', cacheTypeV: 'q8_0' })
    expect(explainModelMemory({ model, engine, request, capability: '8.6' })).toEqual({
      ok: false,
      issue: ['cacheTypeV = q8_0: a quantized V cache needs flash attention.'],
    })
  })
})
