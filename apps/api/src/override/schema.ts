import { type DeviceFigure, deviceFigures, type MachineFigure, machineFigures, type Override } from '@berth/core'
import { z } from 'zod'
import {
  deviceIdSchema,
  givenDeviceIdSchema,
  listOf,
  machineIdSchema,
  noteSchema,
  type SchemaOf,
  timeSchema,
} from '../schema-parts.ts'

const deviceFigureNames = Object.keys(deviceFigures) as [DeviceFigure, ...DeviceFigure[]]
const machineFigureNames = Object.keys(machineFigures) as [MachineFigure, ...MachineFigure[]]

const figureSchema = z.enum([...deviceFigureNames, ...machineFigureNames]).meta({
  description: 'By the path of its field; of a size the field is `bytes` below it.',
})

const valueSchema = z
  .union([z.number(), z.boolean(), z.string().max(100)])
  .meta({ description: 'In the unit of the field: bytes, bytes or operations a second, watts, true or false, text.' })

const stored = <Figure extends string>(figure: z.ZodType<Figure>) =>
  z.object({
    figure,
    value: valueSchema,
    reason: z.string(),
    setAt: timeSchema,
    was: valueSchema.nullable(),
  })

/** As they lie in the columns of a machine and of a device. */
export const machineOverridesSchema = z.array(
  stored(z.enum(machineFigureNames)) satisfies SchemaOf<Override<MachineFigure>>,
)
export const deviceOverridesSchema = z.array(
  stored(z.enum(deviceFigureNames)) satisfies SchemaOf<Override<DeviceFigure>>,
)

export const overrideView = z.object({
  deviceId: deviceIdSchema.nullable().meta({ description: 'Null for a figure of the machine itself.' }),
  ...stored(figureSchema).shape,
  was: valueSchema.nullable().meta({ description: 'What was read when it was set; null for nothing.' }),
  reading: valueSchema.nullable().meta({ description: 'What is read now, and would stand without it.' }),
  hidesNewer: z.boolean().meta({ description: 'Whether something else was read since it was set.' }),
  inForce: z.boolean().meta({ description: 'False for a device that is missing: it counts again when that is back.' }),
})

export type OverrideView = z.output<typeof overrideView>

/** Sixteen GPUs with every figure set; more is no work by hand. */
const MAX_FIGURES = 200

const target = { deviceId: givenDeviceIdSchema.nullable().default(null), figure: figureSchema }

export const setOverridesInput = z
  .object({
    id: machineIdSchema,
    set: listOf(z.object({ ...target, value: valueSchema }), MAX_FIGURES).default([]),
    remove: listOf(z.object(target), MAX_FIGURES)
      .default([])
      .meta({ description: 'For these, what was read stands again.' }),
    reason: noteSchema.optional().meta({ description: 'Why; needed to set one. It is the message in the history.' }),
  })
  .refine(({ set, remove }) => set.length + remove.length > 0, {
    path: ['set'],
    message: 'must name a figure, or remove',
  })
  .refine(({ set, reason }) => set.length === 0 || reason !== undefined, {
    path: ['reason'],
    message: 'must say why the figure is set',
  })
