import { mkdirSync } from 'node:fs'
import { llamaFolder, SEVENTY_B, SMALL, writeFolder, writeSparseFolder } from '@berth/exl2/testing'
import { beforeAll, describe, expect, it } from 'vitest'
import { berth, temporaryFolder } from './berth.ts'
import { nvidiaSmiXml, rtx3060, rtx3090 } from './nvidia-smi.ts'

const folder = temporaryFolder()
const two = folder.write('two.xml', nvidiaSmiXml([rtx3090, rtx3090]))
const small = folder.write('small.xml', nvidiaSmiXml([rtx3060]))
const model = folder.path('llama-70b-4.0bpw')
beforeAll(() => writeSparseFolder(model, SEVENTY_B))

describe('a 70B of 4 bits in a folder', () => {
  it('is planned over two cards, with the split in GB that ExLlamaV2 is told', async () => {
    const ended = await berth(['plan', '--machine', two, '--model', model, '--engine', 'exllamav2', '--ctx', '8192'])
    expect(ended.stderr).toBe('')
    expect(ended.code).toBe(0)
    expect(ended.stdout).toContain('llama-70b-4.0bpw  (LlamaForCausalLM, 80 blocks, EXL2 4.03 bpw, 34.8')
    expect(ended.stdout).toContain('cache FP16')
    expect(ended.stdout).toMatch(
      /python examples\/chat\.py -m \S+llama-70b-4\.0bpw -mode raw -gs [\d.]+,[\d.]+ -l 8192 -chunk 2048/,
    )
  })

  it('is written into a config for TabbyAPI', async () => {
    const how = ['--engine', 'tabbyapi', '--ctx', '8192', '--exl2-cache', 'Q4', '--json']
    const ended = await berth(['plan', '--machine', two, '--model', model, ...how])
    expect(ended.code).toBe(0)
    const { launch } = JSON.parse(ended.stdout) as { launch: { files: { name: string; content: string }[] } }
    expect(launch.files[0]!.name).toBe('config.yml')
    expect(launch.files[0]!.content).toContain('cache_mode: "Q4"')
  })

  it('does not fit one small card, and says what lacks', async () => {
    const ended = await berth(['plan', '--machine', small, '--model', model, '--engine', 'exllamav2'])
    expect(ended.code).toBe(2)
    expect(ended.stdout).toContain('does not fit')
    expect(ended.stdout).toMatch(/GPU 0 .* needs \d+\.\d+ GiB/)
  })

  it.each([
    [['--engine', 'llama.cpp'], 2, 'llama.cpp does not read EXL2 files.'],
    [['--engine', 'exllamav2', '--ctk', 'q8_0'], 2, 'ExLlama keeps its cache in FP16, Q8, Q6 or Q4'],
  ])('is refused with %j', async (how, code, sentence) => {
    const ended = await berth(['plan', '--machine', two, '--model', model, ...how])
    expect(ended.code).toBe(code)
    expect(ended.stdout).toContain(sentence)
  })

  it.each([
    [['--engine', 'exllamav2', '--solve', 'ctx'], '--solve: engines of GGUF files only, and exllamav2 reads none'],
    [['--solve', 'ctx'], '--model: a GGUF file is needed for this, and llama-70b-4.0bpw is a folder'],
    [['--also', model], '--model: a GGUF file is needed for this, and llama-70b-4.0bpw is a folder'],
    [['--engine', 'tabbyapi', '--engine-version', '9'], '--engine-version: tabbyapi is described as 2026'],
  ])('is no answer to %j', async (how, message) => {
    const ended = await berth(['plan', '--machine', two, '--model', model, ...how])
    expect([ended.code, ended.stdout]).toEqual([1, ''])
    expect(ended.stderr).toContain(message)
  })
})

it('says what is wrong with a folder', async () => {
  mkdirSync(folder.path('empty'))
  await writeFolder(folder.path('bad'), { ...llamaFolder(SMALL), 'config.json': '{}' })
  for (const [name, message] of [
    ['empty', /--model: .* holds no config\.json/],
    ['bad', /--model: config\.json has no architectures/],
  ] as const) {
    const ended = await berth(['plan', '--machine', two, '--model', folder.path(name), '--engine', 'exllamav2'])
    expect(ended.code).toBe(1)
    expect(ended.stderr).toMatch(message)
  }
})
