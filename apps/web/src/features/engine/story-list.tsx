import { Card, CardBody, CardHeader } from '@berth/ui/card'
import Link from 'next/link'
import { paths } from '../../paths.ts'
import type { StoryView } from '../../trpc/types.ts'

/** Failures that users had, one a tile. */
export function StoryList({ stories }: { readonly stories: readonly StoryView[] }) {
  return (
    <Card aria-label="Known failures, explained">
      <CardHeader
        title="Known failures, explained"
        description="Real cases. Each opens with what Berth would have said before anything was downloaded, worked out anew."
      />
      <CardBody>
        <ul className="grid gap-3 sm:grid-cols-2 xl:grid-cols-3">
          {stories.map(({ id, title, engine, when, happened }) => (
            <li
              key={id}
              className="relative grid content-start gap-1.5 rounded-md border border-line p-3.5 hover:bg-hover"
            >
              <p className="text-xs text-tertiary">
                {engine}, {when}
              </p>
              <h3 className="text-sm font-semibold">
                <Link href={paths.story(id)} className="rounded-sm after:absolute after:inset-0 hover:underline">
                  {title}
                </Link>
              </h3>
              <p className="line-clamp-3 text-xs text-secondary">{happened[0]}</p>
            </li>
          ))}
        </ul>
      </CardBody>
    </Card>
  )
}
