import { type Story, storyIds, type StoryTable, type Telling } from '@berth/catalogue'
import { z } from 'zod'
import { bytesSchema, listOf, signedBytesSchema } from '../schema-parts.ts'

const storyShape = {
  id: z.enum(storyIds),
  title: z.string(),
  engine: z.string().meta({ description: 'And its version, as people name it.' }),
  when: z.string(),
  thread: z.string(),
  happened: listOf(z.string()),
}

export const storyView = z.object(storyShape).meta({ id: 'Story' })

const tableSchema = z
  .object({
    title: z.string(),
    head: listOf(z.string()),
    rows: listOf(listOf(z.object({ text: z.string(), bytes: signedBytesSchema.exactOptional() }))),
  })
  .meta({ id: 'StoryTable' }) satisfies z.ZodType<StoryTable>

export const storyDetail = z.object({
  ...storyShape,
  says: listOf(z.string()).meta({ description: 'What Berth says of it, worked out by this version.' }),
  tables: listOf(tableSchema),
  course: z
    .object({
      place: z.string(),
      capacity: bytesSchema,
      steps: listOf(z.object({ label: z.string(), held: bytesSchema, fails: z.boolean() })),
    })
    .exactOptional()
    .meta({ description: 'What the place holds, step by step.' }),
  wayOut: listOf(z.string()).meta({ description: 'What would have made it run, each planned with.' }),
})

export const storiesOutput = z.object({ items: listOf(storyView) })
export const storyInput = z.object({ id: z.string().min(1).max(60) })

export const toStoryView = ({ id, title, engine, when, thread, happened }: Story): z.output<typeof storyView> => ({
  ...{ id, title, engine },
  ...{ when, thread, happened },
})

/** Telling takes up to half a second, and ends the same every time. */
const told = new Map<Story, Telling>()

export function toStoryDetail(story: Story): z.output<typeof storyDetail> {
  const telling = told.get(story) ?? story.tell()
  told.set(story, telling)
  return { ...toStoryView(story), ...telling }
}
