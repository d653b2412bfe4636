import type { CatalogueGpu } from '@berth/catalogue'
import { z } from 'zod'
import { bytesSchema, listOf, pageInput, pageOf, type SchemaOf, sizeInQuery } from '../schema-parts.ts'

const vendorSchema = z.enum(['NVIDIA', 'AMD', 'Apple', 'Intel'])
const figure = z.number().min(0)

/** The catalogue's entry, field by field. */
const gpuView = z
  .object({
    id: z.string(),
    vendor: vendorSchema,
    name: z.string().meta({ description: 'As the vendor’s tool prints it.' }),
    backend: z.enum(['cuda', 'rocm', 'vulkan', 'metal', 'sycl', 'rpc']),
    memoryReported: bytesSchema
      .exactOptional()
      .meta({ description: 'What that tool prints as total, where it is one figure.' }),
    memoryNominal: listOf(bytesSchema).meta({ description: 'On the box; several where it is sold in several sizes.' }),
    unified: z.boolean().meta({ description: 'Shares the machine’s memory.' }),
    memoryBandwidthBytesPerSecond: figure,
    fp16FlopsPerSecond: figure.exactOptional(),
    fp16Units: z.enum(['matrix', 'vector']).exactOptional(),
    pcie: z
      .object({
        generation: figure.exactOptional(),
        generationMax: figure.exactOptional(),
        width: figure.exactOptional(),
        widthMax: figure.exactOptional(),
      })
      .exactOptional(),
    linkBytesPerSecond: figure.meta({ description: 'To other GPUs, both directions together; 0 without.' }),
    architecture: z.string().exactOptional(),
    powerWatts: figure,
    memorySource: z
      .enum(['observed', 'unconfirmed', 'varies'])
      .meta({ description: 'How the reported memory is known.' }),
    source: z.string().meta({ description: 'Where the other figures come from.' }),
    note: z.string().exactOptional(),
  })
  .meta({ id: 'CatalogueGpu' }) satisfies SchemaOf<CatalogueGpu>

export const listGpusInput = z.object({
  ...pageInput.shape,
  text: z
    .string()
    .max(200)
    .optional()
    .meta({ description: 'Words that must all be in the name, the vendor or the architecture.' }),
  vendor: vendorSchema.optional(),
  memoryMin: sizeInQuery.optional().meta({ description: 'Bytes on the box, at least.' }),
  memoryMax: sizeInQuery.optional().meta({ description: 'Bytes on the box, at most.' }),
})
export const listGpusOutput = pageOf(gpuView)
