import { type GgufHeader, ggmlTypeNames, type TensorInfo } from '@berth/core'
import { z } from 'zod'
import { exl2ModelSchema } from './exl2-schema.ts'
import { bytesSchema, listOf, modelIdSchema, pageInput, pageOf, type SchemaOf, timeSchema } from '../schema-parts.ts'

const scalar = z.union([z.string(), z.number(), z.boolean()])

export const tensorSchema = z
  .object({
    name: z.string(),
    shape: listOf(z.number().int()).meta({ description: 'The contiguous dimension first.' }),
    type: z.enum(ggmlTypeNames),
    shard: z
      .number()
      .int()
      .exactOptional()
      .meta({ description: 'Which file of a split model holds it; absent for the first.' }),
  })
  .meta({ id: 'Tensor' }) satisfies SchemaOf<TensorInfo>

export const headerSchema = z
  .object({
    metadata: z.record(z.string(), z.union([scalar, listOf(scalar)])),
    trimmedArrayLengths: z
      .record(z.string(), z.number().int())
      .meta({ description: 'True lengths of the arrays that are too long to keep.' }),
    tensors: listOf(tensorSchema),
  })
  .meta({ id: 'Header' }) satisfies SchemaOf<GgufHeader>

export const modelFormats = ['gguf', 'exl2', 'exl3'] as const
export type ModelFormat = (typeof modelFormats)[number]

export const modelView = z
  .object({
    id: modelIdSchema,
    format: z.enum(modelFormats).meta({ description: 'A GGUF file, or a folder of ExLlamaV2 or ExLlamaV3.' }),
    name: z.string(),
    architecture: z.string(),
    parameterCount: z.number().int(),
    weightBytes: bytesSchema,
    blockCount: z.number().int(),
    contextLengthTrained: z.number().int(),
    mainType: z
      .string()
      .meta({ description: 'The ggml type that most of the weights have; of EXL2 and EXL3 the bits of a weight.' }),
    address: z.string(),
    fileName: z.string(),
    fileBytes: bytesSchema.meta({ description: 'Of all files together.' }),
    shards: listOf(z.object({ name: z.string(), bytes: bytesSchema })),
    sha256: z.string().meta({ description: 'Of the header; of GGUF without its long arrays.' }),
    revision: z.number().int(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'StoredModel' })

export type ModelView = z.output<typeof modelView>

export const modelDetail = z.object({
  ...modelView.shape,
  header: headerSchema.exactOptional().meta({ description: 'Of a GGUF file.' }),
  exl2: exl2ModelSchema.exactOptional().meta({ description: 'What a folder of EXL2 or EXL3 holds.' }),
})

export const listModelsInput = pageInput
export const listModelsOutput = pageOf(modelView)
export const modelInput = z.object({ id: modelIdSchema })
export const removeModelInput = z.object({
  id: modelIdSchema,
  withPlans: z.boolean().default(false).meta({ description: 'Also remove the plans with it.' }),
})

export const importModelInput = z.object({
  address: z
    .string()
    .trim()
    .min(1)
    .max(4096)
    .refine((value) => !value.includes('\0'), 'must hold no NUL characters')
    .meta({
      description:
        'A path, an http(s) URL, or a model on Hugging Face: org/repo:Q4_K_M, hf:org/repo/file.gguf; of EXL2 and EXL3 ' +
        'the folder: a path, or org/repo@4.0bpw.',
    }),
  token: z
    .string()
    .regex(/^[\x21-\x7E]{1,512}$/, 'must be printable ASCII without spaces')
    .optional()
    .meta({ description: 'For the hub alone; not stored.' }),
})

export const importModelOutput = z.object({
  model: modelView,
  created: z.boolean().meta({ description: 'False when this very header was here already.' }),
})

/** The largest header there is, with room; the same as the reader's own limit. */
export const MAX_UPLOAD_BYTES = 64 * 1024 * 1024

export const uploadModelInput = z.object({
  fileName: z
    .string()
    .min(1)
    .max(255)
    .regex(/^[^\p{Cc}/\\]+$/u, 'must be a file name without folders'),
  fileBytes: z.coerce.number<number>().int().min(1).max(Number.MAX_SAFE_INTEGER),
})
