import { type AnyEngine, anyVersionsOf, claimsOf, type EngineControls, formatsOf } from '@berth/core'
import { z } from 'zod'
import { listOf, type SchemaOf } from '../schema-parts.ts'
import { modelFormats } from '../model/schema.ts'
import { engineSchema } from '../plan/verdict-schema.ts'

const controlsSchema = z.object({
  placesItself: z.boolean().meta({ description: 'Where layers lie is its own choice and cannot be told.' }),
  layersPerDevice: z.boolean(),
  blocksOnHost: z.boolean(),
  expertsOnHost: z.boolean(),
  cacheOnHost: z.boolean(),
  pipelineOff: z.boolean(),
  deviceOrder: z.boolean(),
}) satisfies SchemaOf<EngineControls>

const versionSchema = z.object({
  version: z.string(),
  verifiedAgainst: z.string().meta({ description: 'Whose source each claim was read in.' }),
  controls: controlsSchema.meta({ description: 'What it can be told.' }),
  backends: listOf(z.string()),
  formats: listOf(z.enum(modelFormats)).meta({ description: 'What it reads.' }),
  deviceLimit: z.number().int().meta({ description: 'Most devices one run is split over.' }),
  slotLimit: z.number().int(),
})

const engineView = z
  .object({
    id: engineSchema,
    name: z.string(),
    claims: z
      .object({ exact: listOf(z.string()), bounded: listOf(z.string()), cannotBeTold: listOf(z.string()) })
      .meta({ description: 'What Berth predicts exactly, what from above, and what the engine has no option for.' }),
    versions: listOf(versionSchema).meta({ description: 'The current one first.' }),
  })
  .meta({ id: 'Engine' })

export const enginesOutput = z.object({ items: listOf(engineView) })

function versionView(engine: AnyEngine): z.output<typeof versionSchema> {
  const { version, verifiedAgainst, controls, backends, deviceLimit, slotLimit } = engine
  const formats = formatsOf(engine)
  return { version, verifiedAgainst, controls, backends, formats, deviceLimit, slotLimit }
}

export const engineViews = (): z.output<typeof enginesOutput> => ({
  items: engineSchema.options.map((id) => {
    const versions = anyVersionsOf(id)
    return { id, name: versions[0]!.name, claims: claimsOf(id), versions: versions.map(versionView) }
  }),
})
