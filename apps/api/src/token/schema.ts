import { z } from 'zod'
import { nameSchema, pageInput, pageOf, timeSchema, tokenIdSchema } from '../schema-parts.ts'

/** One a site or a rack is plenty; more are a program that has run away. */
export const MAX_TOKENS = 1000

export const tokenView = z
  .object({
    id: tokenIdSchema,
    name: z.string(),
    expiresAt: timeSchema.nullable().meta({ description: 'From when on it is refused; null for never.' }),
    lastUsedAt: timeSchema.nullable().meta({ description: 'When a machine last reported by it; null for never.' }),
    createdAt: timeSchema,
  })
  .meta({ id: 'RegistrationToken' })

export type TokenView = z.output<typeof tokenView>

export const createTokenInput = z.object({
  name: nameSchema.meta({ description: 'What it is for, as “rack 3”.' }),
  expiresAt: timeSchema
    .refine((time) => !(Date.parse(time) <= Date.now()), 'must lie in the future')
    .nullable()
    .default(null),
})

export const createTokenOutput = z.object({
  ...tokenView.shape,
  secret: z.string().meta({ description: 'Shown this once: only its hash is kept.' }),
})

export const listTokensInput = pageInput
export const listTokensOutput = pageOf(tokenView)
export const tokenInput = z.object({ id: tokenIdSchema })
