import { deploymentForms, isImagined, launchFileUses, launchLanguages, type Start } from '@berth/core'
import { z } from 'zod'
import { driftDetail, driftFlag } from '../drift/schema.ts'
import { maintenanceSchema, staleSchema } from '../machine/schema.ts'
import {
  bytesSchema,
  listOf,
  machineIdSchema,
  modelIdSchema,
  nameSchema,
  pageInput,
  pageOf,
  planIdSchema,
  timeSchema,
} from '../schema-parts.ts'
import { engineAloneSchema } from './engine-alone-schema.ts'
import { speedSchema } from './speed-schema.ts'
import {
  askedRequestSchema,
  engineInput,
  engineSchema,
  knowsVersion,
  placementSchema,
  preferenceSchema,
  reasonSchema,
  remedyCostSchema,
  remedySchema,
  requestSchema,
  settingsShape,
  splitSchema,
  versionUnknown,
} from './verdict-schema.ts'

/** Judging one machine takes milliseconds; so many keep an answer below a few seconds. */
export const MAX_MACHINES = 200

export const modelRefSchema = z
  .discriminatedUnion('kind', [
    z.object({ kind: z.literal('stored'), id: modelIdSchema }),
    z.object({
      kind: z.literal('catalogue'),
      id: z.string().min(1).max(100),
      mix: z.string().min(1).max(40).meta({ description: 'A quantization mix, as `Q4_K_M`.' }),
    }),
  ])
  .meta({ id: 'ModelRef' })

export type ModelRef = z.output<typeof modelRefSchema>

const commandShape = {
  shell: z.string().meta({ description: 'One line for a POSIX shell.' }),
  powershell: z.string(),
  program: z.string(),
  arguments: listOf(z.string()),
}

export const launchSchema = z.object({
  ...commandShape,
  environment: listOf(z.object({ name: z.string(), value: z.string() })),
  files: listOf(
    z.object({
      name: z.string(),
      language: z.enum(launchLanguages),
      content: z.string(),
      use: z.enum(launchFileUses).meta({
        description:
          '`needed`: before the engine starts; `instead`: of the arguments; `request`: of a call to its API.',
      }),
    }),
  ),
  afterwards: listOf(z.object(commandShape)).meta({ description: 'Run once the engine answers, in this order.' }),
  deployments: listOf(
    z.object({
      form: z.enum(deploymentForms),
      name: z.string(),
      language: z.enum(launchLanguages),
      content: z.string(),
    }),
  ).meta({ description: 'Files for what keeps it running.' }),
}) satisfies z.ZodType<Start>

export const onMachine = {
  machine: z.object({
    id: machineIdSchema,
    name: z.string(),
    sample: z.boolean(),
    maintenance: maintenanceSchema,
    stale: staleSchema,
  }),
}

const onPlannedMachine = {
  ...onMachine,
  engineAlone: engineAloneSchema
    .exactOptional()
    .meta({ description: 'What the engine would do left alone, where it was asked for.' }),
}

/** The core's Verdict on one machine, with what starts the best placement and how fast it is. */
export const planResult = z
  .discriminatedUnion('fits', [
    z.object({
      ...onPlannedMachine,
      fits: z.literal(true),
      best: placementSchema,
      account: listOf(z.string()).meta({
        description: 'How an engine that decides of itself comes to its choice on these devices; empty for others.',
      }),
      others: listOf(placementSchema),
      launch: launchSchema,
      speed: speedSchema.exactOptional().meta({ description: 'Of the best placement, of GGUF files.' }),
    }),
    z.object({
      ...onPlannedMachine,
      fits: z.literal(false),
      reasons: listOf(reasonSchema),
      nearest: placementSchema.exactOptional(),
      remedies: listOf(z.object({ remedy: remedySchema, cost: remedyCostSchema, placement: placementSchema })),
      explanation: listOf(z.string()).meta({ description: 'One sentence a reason, then one a remedy.' }),
      elsewhere: listOf(machineIdSchema)
        .optional()
        .meta({ description: 'Machines judged in the same call that can host it as asked, best first.' }),
    }),
  ])
  .meta({ id: 'PlanResult' })

export type PlanResult = z.output<typeof planResult>

export const machineIdsInput = listOf(machineIdSchema, MAX_MACHINES)
  .optional()
  .meta({ description: `All that are not in maintenance when left out, ${MAX_MACHINES} at most.` })

/** What makes one placement better than another, with a request as it is asked or as it is kept. */
const objectiveWith = <Request extends z.ZodType>(request: Request) =>
  ({
    preference: preferenceSchema.optional().meta({
      description: 'What makes one fitting placement better than another; `headroom` when left out.',
    }),
    other: z
      .object({ model: modelRefSchema, request })
      .optional()
      .meta({ description: 'The model that `room-for-another` leaves room for.' }),
  }) as const

export const objectiveInput = objectiveWith(askedRequestSchema)
const objectiveShape = objectiveWith(requestSchema)

/** A split made by hand, judged as it is instead of a plan. */
const splitInput = splitSchema
  .optional()
  .meta({ description: 'A split made by hand: judged as it is, instead of planned.' })

export type Objective = z.output<z.ZodObject<typeof objectiveShape>>
export type AskedObjective = z.output<z.ZodObject<typeof objectiveInput>>

/** Of one objective it has to be said whom it is for. */
export const namesOther = ({ preference, other }: AskedObjective): boolean =>
  preference !== 'room-for-another' || other !== undefined

export const otherMissing = { path: ['other'], message: 'must name the model that room is left for' }

export const evaluateInput = z
  .object({
    model: modelRefSchema,
    ...engineInput,
    request: askedRequestSchema,
    ...objectiveInput,
    split: splitInput,
    machineIds: machineIdsInput,
    engineAlone: z
      .boolean()
      .default(false)
      .meta({ description: 'Also say what the engine would do left alone; this takes about as long again.' }),
  })
  .refine(namesOther, otherMissing)
  .refine(knowsVersion, versionUnknown)
  .refine(({ split, machineIds }) => split === undefined || machineIds?.length === 1, {
    path: ['split'],
    message: 'names the devices of one machine, which machineIds must name',
  })

export const modelSummary = z.object({ name: z.string(), architecture: z.string(), weightBytes: bytesSchema })

export const evaluateOutput = z.object({
  model: modelSummary,
  results: listOf(planResult).meta({ description: 'Best first: what fits before what does not, then by headroom.' }),
})

/** What a saved plan keeps beside its request, each where it was chosen. */
const choicesWith = <Objective extends object>(objective: Objective) =>
  ({ engineVersion: engineInput.engineVersion, ...objective, split: splitInput }) as const
const choicesShape = choicesWith(objectiveShape)
export const planChoices = z.object(choicesShape)
export type PlanChoices = z.output<typeof planChoices>

/** What a plan is made of. */
export const planInputs = {
  model: modelRefSchema,
  machineId: machineIdSchema,
  engine: engineSchema,
  request: askedRequestSchema,
  ...choicesWith(objectiveInput),
}

export const savePlanInput = z
  .object({ name: nameSchema, ...planInputs })
  .refine(namesOther, otherMissing)
  .refine(knowsVersion, versionUnknown)
  .refine(({ split }) => split?.devices.some(({ device }) => isImagined(device)) !== true, {
    path: ['split'],
    message: 'names cards of a what-if, which nobody has',
  })

export const planView = z
  .object({
    id: planIdSchema,
    name: z.string(),
    model: modelRefSchema,
    modelName: z.string(),
    machineId: machineIdSchema,
    machineName: z.string(),
    machineMaintenance: maintenanceSchema,
    engine: engineSchema,
    request: z.object(settingsShape),
    ...choicesShape,
    savedVersion: z.string().meta({ description: 'The version of Berth that judged it when it was saved.' }),
    savedFits: z.boolean().meta({ description: 'What that version said.' }),
    drift: driftFlag,
    revision: z.number().int(),
    createdAt: timeSchema,
    updatedAt: timeSchema,
  })
  .meta({ id: 'StoredPlan' })

export type PlanView = z.output<typeof planView>

export const planDetail = z.object({
  ...planView.shape,
  drift: driftDetail,
  result: planResult.meta({ description: 'Judged now, by this version.' }),
  version: z.string(),
})

export const planInput = z.object({ id: planIdSchema })
export const listPlansInput = pageInput
export const listPlansOutput = pageOf(planView)
