import { describeModel, elementCount, type GgufHeader, tensorDataBytes } from '@berth/core'
import { describe, expect, it } from 'vitest'
import { type CatalogueModel, catalogueHeader } from '../catalogue-model.ts'
import { catalogueModels, findCatalogueModel } from './models.ts'

/** Without the tables of rotation factors, which the converter adds and publishers do not count. */
const parameterCount = ({ tensors }: GgufHeader): number =>
  tensors.filter(({ name }) => !name.startsWith('rope_')).reduce((sum, { shape }) => sum + elementCount(shape), 0)

const named = catalogueModels.map((model) => [model.id, model] as const)

/**
 * Counts that publishers state for their weights (the safetensors index of the repository), for models that no
 * converted file here covers.
 */
const published: readonly (readonly [string, number])[] = [
  ['llama-2-13b', 13015864320],
  ['llama-3-70b', 70553706496],
  ['llama-3.1-405b', 405853388800],
  ['llama-3.3-70b', 70553706496],
  ['llama-4-maverick', 400711848960],
  ['mistral-nemo-12b', 12247782400],
  ['codestral-22b', 22247282688],
  ['mixtral-8x22b', 140630071296],
  ['qwen2.5-0.5b', 494032768],
  ['qwen2.5-1.5b', 1543714304],
  ['qwen2.5-3b', 3085938688],
  ['qwen2.5-32b', 32763876352],
  ['qwen3-1.7b', 1720574976],
  ['qwen3-14b', 14768307200],
  ['qwen3-235b-a22b', 235093634560],
  ['qwen3-coder-480b-a35b', 480154875392],
  ['gemma-2-2b', 2614341888],
  ['gemma-2-27b', 27227128320],
  ['gemma-3-1b', 999885952],
  // 27,009,346,304 with the 64 unused rows of embeddings that the converter drops.
  ['gemma-3-27b', 27009346304 - 64 * 5376],
  ['gpt-oss-20b', 20914757184],
  ['gpt-oss-120b', 116829156672],
  ['phi-3-medium-4k', 13960238080],
  ['phi-3.5-mini', 3821079552],
  ['phi-4-mini', 3836021760],
  ['kimi-k2-1t', 1026408232448],
  ['deepseek-r1-distill-qwen-1.5b', 1777088000],
  ['command-r-32b-08-2024', 32296476672],
  ['command-a-111b', 111057580032],
  ['glm-4-9b-0414', 9400279040],
  ['glm-4-32b-0414', 32566081536],
  ['glm-4.5', 358337791296],
  ['glm-4.6', 356785898816],
  ['olmo-2-7b', 7298617344],
  ['olmo-2-13b', 13716198400],
  ['olmo-2-32b', 32234279936],
  ['smollm3-3b', 3075098624],
  ['falcon3-7b', 7455550464],
  ['falcon3-10b', 10305653760],
  ['hunyuan-a13b', 80393183232],
  // Less the drafting block, which the converter leaves out: an attention and dense FFN block, a projection, four norms.
  ['ernie-4.5-300b-a47b', 300474051776 - 989888512],
]

describe('catalogueModels', () => {
  it('holds what people run', () => {
    expect(catalogueModels.length).toBeGreaterThanOrEqual(100)
    expect(new Set(catalogueModels.map(({ id }) => id)).size).toBe(catalogueModels.length)
    expect(new Set(catalogueModels.map(({ name }) => name)).size).toBe(catalogueModels.length)
  })

  it.each(published)('%s has the %i parameters its publisher counts', (id, count) => {
    const model = findCatalogueModel(id)
    expect(model && parameterCount(model.headerF16())).toBe(count)
  })

  it.each(named)('%s is labelled, sourced and readable', (id, model) => {
    expect(id).toMatch(/^[a-z0-9]+([.-][a-z0-9]+)*$/)
    expect(model.source).toMatch(/^huggingface\.co\/[\w-]+\/[\w.-]+ config\.json/)
    expectRounded(model)
    expect(new Set(model.mixes).size).toBe(model.mixes.length)
    expect(model.mixes.length).toBeGreaterThan(0)
    const described = describeModel(model.headerF16())
    expect(described.ok && described.value.contextLengthTrained).toBe(model.contextLengthTrained)
  })
})

function expectRounded(model: CatalogueModel): void {
  const [, figure = '', decimals = ''] = /^(\d+(?:\.(\d+))?)B$/.exec(model.parameters) ?? []
  expect((parameterCount(model.headerF16()) / 1e9).toFixed(decimals.length)).toBe(figure)
}

describe('mixes', () => {
  it('ships gpt-oss in the one form its publisher made', () => {
    expect(findCatalogueModel('gpt-oss-20b')?.mixes).toEqual(['MXFP4_MOE'])
  })

  it('goes below three bits for large models only', () => {
    expect(findCatalogueModel('llama-3.3-70b')?.mixes).toContain('IQ2_XXS')
    expect(findCatalogueModel('qwen3-4b')?.mixes).not.toContain('IQ2_XXS')
    expect(findCatalogueModel('qwen3-30b-a3b')?.mixes).toContain('MXFP4_MOE')
    expect(findCatalogueModel('llama-3.3-70b')?.mixes).not.toContain('MXFP4_MOE')
  })

  // Sizes of published files less a header of a few MB: 42,520,395,584 and 12,109,566,560 bytes.
  it.each([
    ['llama-3.3-70b', 'Q4_K_M', 42_520_395_584],
    ['gpt-oss-20b', 'MXFP4_MOE', 12_109_566_560],
  ] as const)('%s in %s is as large as the published file', (id, mix, fileBytes) => {
    const header = fileBytes - tensorDataBytes(catalogueHeader(findCatalogueModel(id)!, mix))
    expect(header).toBeGreaterThan(4e6)
    expect(header).toBeLessThan(16e6)
  })
})
