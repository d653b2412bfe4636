import type { Exl2Block, Exl2Linear, Exl2Model, Exl2Part, Exl2Quantization, StoredTensor } from '@berth/core'
import { z } from 'zod'
import { bytesSchema, listOf, type SchemaOf, tokensSchema } from '../schema-parts.ts'

/** The core's description of an EXL2 or EXL3 folder, field by field. */

const count = z.number().int().min(0)

const storedTensorSchema = z.object({
  suffix: z.string(),
  bytes: bytesSchema,
  elements: count,
}) satisfies SchemaOf<StoredTensor>

const linearSchema = z
  .object({
    role: z.string().meta({ description: 'Its key within the block; an expert’s number is `*`.' }),
    count: count.meta({ description: 'As many of one shape: the same matrix of every expert.' }),
    format: z.enum(['exl2', 'exl3', 'plain']),
    inFeatures: count,
    outFeatures: count,
    tensors: listOf(storedTensorSchema),
  })
  .meta({ id: 'Exl2Linear' }) satisfies SchemaOf<Exl2Linear>

const partSchema = z
  .object({ bytes: bytesSchema, linears: listOf(linearSchema), norms: listOf(storedTensorSchema) })
  .meta({ id: 'Exl2Part' }) satisfies SchemaOf<Exl2Part>

const blockSchema = z.object({ attention: partSchema, feedForward: partSchema }) satisfies SchemaOf<Exl2Block>

const quantizationSchema = z
  .object({
    format: z.enum(['exl2', 'exl3']),
    version: z.string().exactOptional(),
    statedBits: z.number().exactOptional(),
    statedHeadBits: z.number().exactOptional(),
    bits: z.number().meta({ description: 'Bits a weight over the matrices of the blocks, as stored.' }),
    headBits: z.number(),
    leastBits: z.number(),
    mostBits: z.number(),
    calibration: z
      .object({ rows: z.number(), length: z.number(), dataset: z.string().exactOptional() })
      .exactOptional(),
  })
  .meta({ id: 'Exl2Quantization' }) satisfies SchemaOf<Exl2Quantization>

export const exl2ModelSchema = z
  .object({
    architecture: z.string(),
    described: z.boolean().meta({ description: 'Whether the engine has this architecture by name.' }),
    quantization: quantizationSchema,
    hiddenSize: count,
    blockCount: count,
    headCount: count,
    headCountKv: listOf(count).meta({ description: 'One entry a block.' }),
    headDim: count,
    feedForwardLength: listOf(count),
    vocabSize: count,
    contextLengthTrained: tokensSchema({ min: 1, max: 2 ** 31 }),
    tiedEmbeddings: z.boolean(),
    expertCount: count,
    expertUsedCount: count,
    slidingWindow: count,
    ropeTables: count,
    residualElementBytes: count,
    parallelBlocks: z.boolean(),
    embedding: partSchema,
    blocks: listOf(blockSchema),
    outputNorm: partSchema,
    head: partSchema,
    otherBytes: bytesSchema,
    tensorBytes: bytesSchema,
  })
  .meta({ id: 'Exl2Model' }) satisfies SchemaOf<Exl2Model>
