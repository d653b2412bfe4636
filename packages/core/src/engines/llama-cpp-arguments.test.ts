import { describe, expect, it } from 'vitest'
import { parseLlamaServer } from './llama-cpp-arguments.ts'

const parse = (line: string) => parseLlamaServer(line === '' ? [] : line.split(' '))
const fields = (line: string) => {
  const parsed = parse(line)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.issue))
  return parsed.value
}

describe('parseLlamaServer', () => {
  it.each([
    ['-m a.gguf', { modelPath: 'a.gguf' }],
    ['--model a.gguf', { modelPath: 'a.gguf' }],
    ['-hf org/repo:Q4_K_M', { repository: 'org/repo:Q4_K_M' }],
    [
      '--hf-repo org/repo --hf-file x.gguf --no-mmproj',
      { repository: 'org/repo', repositoryFile: 'x.gguf', projector: false },
    ],
    ['-c 8192', { contextLength: 8192 }],
    ['--ctx-size 0', { contextLength: 0 }],
    ['--ctx_size 4096', { contextLength: 4096 }],
    ['-np -1', { parallel: -1 }],
    ['-b 2048 -ub 512', { batchSize: 2048, ubatchSize: 512 }],
    ['-kvu', { kvUnified: true }],
    ['--kv-unified --no-kv-unified', { kvUnified: false }],
    ['-fa 1', { flashAttention: 'on' }],
    ['-fa disabled', { flashAttention: 'off' }],
    ['--flash-attn -1', { flashAttention: 'auto' }],
    ['-ctk q8_0 -ctv iq4_nl', { cacheTypeK: 'q8_0', cacheTypeV: 'iq4_nl' }],
    ['-nkvo --no-op-offload --swa-full', { offloadKqv: false, opOffload: false, swaFull: true }],
    ['-ngl auto', { gpuLayers: -1 }],
    ['-ngl all', { gpuLayers: -2 }],
    ['--n-gpu-layers 33', { gpuLayers: 33 }],
    ['-sm row -mg 1', { splitMode: 'row', mainGpu: 1 }],
    ['-ts 3,1', { tensorSplit: [3, 1] }],
    ['-ts 3/1/0.5', { tensorSplit: [3, 1, 0.5] }],
    ['-ts 3,1,', { tensorSplit: [3, 1] }],
    ['-dev CUDA0,CUDA1', { devices: ['CUDA0', 'CUDA1'] }],
    ['-cmoe', { expertsOnHost: -1 }],
    ['--n-cpu-moe 7', { expertsOnHost: 7 }],
    ['-fit off', { fit: false }],
    ['-cram 4096', { cacheRamMib: 4096 }],
    ['-c 1024 -c 2048', { contextLength: 2048 }],
    ['-t 8 --temp 0.7 --control-vector-layer-range 1 9 --jinja -c 512', { contextLength: 512 }],
    // std::stoi reads as far as digits go.
    ['-c 8k', { contextLength: 8 }],
  ])('reads %s', (line, expected) => {
    expect(fields(line)).toEqual({ overrides: [], ...expected })
  })

  it('keeps overrides in order, cut at commas, split at the first equals sign', () => {
    expect(fields(String.raw`-ot blk\.1\.ffn_up=CPU,exps=CUDA1 --override-tensor a=b=c`).overrides).toEqual([
      { pattern: String.raw`blk\.1\.ffn_up`, bufferType: 'CPU' },
      { pattern: 'exps', bufferType: 'CUDA1' },
      { pattern: 'a', bufferType: 'b=c' },
    ])
  })

  it.each([
    ['--gpu_layer 3', 'unknown-argument', '--gpu-layer'],
    // Only long names may carry an underscore.
    ['-n_gl 3', 'unknown-argument', '-n_gl'],
    ['stray', 'unknown-argument', 'stray'],
    ['-c', 'missing-value', '-c'],
    ['--control-vector-layer-range 1', 'missing-value', '--control-vector-layer-range'],
    ['-c many', 'invalid-value', '-c'],
    ['-c 99999999999', 'invalid-value', '-c'],
    ['-np 0', 'invalid-value', '-np'],
    ['-fa maybe', 'invalid-value', '-fa'],
    ['-ctk q6_K', 'invalid-value', '-ctk'],
    ['-sm layers', 'invalid-value', '-sm'],
    ['-ts 1,x', 'invalid-value', '-ts'],
    ['-ts ,1', 'invalid-value', '-ts'],
    ['-ts 1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1', 'invalid-value', '-ts'],
    ['-ot CPU', 'invalid-value', '-ot'],
    ['-ncmoe -1', 'invalid-value', '-ncmoe'],
    ['--fit auto', 'invalid-value', '--fit'],
  ])('refuses %s', (line, code, argument) => {
    expect(parse(line)).toMatchObject({ ok: false, issue: { code, argument } })
  })

  it('takes 15 shares, one fewer than the devices llama.cpp knows', () => {
    expect(fields(`-ts ${Array.from({ length: 15 }, () => 1).join(',')}`).tensorSplit).toHaveLength(15)
  })

  it('reads an empty line as nothing said', () => {
    expect(fields('')).toEqual({ overrides: [] })
  })
})
