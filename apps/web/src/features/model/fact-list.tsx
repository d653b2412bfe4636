import { Card, CardBody, CardHeader } from '@berth/ui/card'
import type { ReactNode } from 'react'

export interface Fact {
  readonly term: string
  readonly value: ReactNode
  readonly tip?: string
}

export function FactList({ title, facts }: { readonly title: string; readonly facts: readonly Fact[] }) {
  return (
    <Card>
      <CardHeader title={title} />
      <CardBody>
        <dl className="grid grid-cols-2 gap-x-4 gap-y-3.5 sm:grid-cols-3 lg:grid-cols-5">
          {facts.map(({ term, value, tip }) => (
            <div key={term} className="min-w-0">
              <dt className="text-xs text-tertiary" data-tip={tip}>
                {term}
              </dt>
              <dd className="mt-0.5 break-words font-medium tabular-nums">{value}</dd>
            </div>
          ))}
        </dl>
      </CardBody>
    </Card>
  )
}
