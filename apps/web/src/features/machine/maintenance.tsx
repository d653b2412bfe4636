import { Badge } from '@berth/ui/badge'
import { Callout } from '@berth/ui/callout'
import type { ReactNode } from 'react'
import type { MachineView } from '../../trpc/types.ts'
import { When } from '../shell/when.tsx'

type Maintenance = MachineView['maintenance']

/** In a row of a list. */
export const MaintenanceBadge = ({ maintenance }: { readonly maintenance: Maintenance }) =>
  maintenance && (
    <Badge tone="tight" data-tip={maintenance.note ?? 'Left out of planning.'}>
      maintenance
    </Badge>
  )

/** On the page of a machine, or of what stands on it. */
export const MaintenanceCallout = ({
  name,
  maintenance,
  children,
}: {
  readonly name: string
  readonly maintenance: Maintenance
  /** What this means here. */
  readonly children: ReactNode
}) =>
  maintenance && (
    <Callout
      tone="warning"
      title={
        <>
          {name} is in maintenance
          {maintenance.note && `: ${maintenance.note}`}
        </>
      }
    >
      <p>
        Began <When time={maintenance.since} />. {children}
      </p>
    </Callout>
  )
