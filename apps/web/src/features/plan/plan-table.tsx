import { groupThousands } from '@berth/core'
import { Card } from '@berth/ui/card'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import { VerdictBadge } from '@berth/ui/verdict-badge'
import Link from 'next/link'
import { paths } from '../../paths.ts'
import type { PlanView } from '../../trpc/types.ts'
import { DriftBadge } from '../drift/drift-badge.tsx'
import { MaintenanceBadge } from '../machine/maintenance.tsx'
import { When } from '../shell/when.tsx'

export function PlanTable({ plans }: { readonly plans: readonly PlanView[] }) {
  return (
    <Card>
      <Table label="Saved plans" cards>
        <TableHead>
          <TableRow>
            <TableHeading>Plan</TableHeading>
            <TableHeading>Model</TableHeading>
            <TableHeading>Machine</TableHeading>
            <TableHeading numeric>Context</TableHeading>
            <TableHeading>KV cache</TableHeading>
            <TableHeading>When saved</TableHeading>
            <TableHeading data-tip="Whether its machine is another by now; compared, not planned.">
              Since then
            </TableHeading>
            <TableHeading>Saved</TableHeading>
          </TableRow>
        </TableHead>
        <TableBody>
          {plans.map((plan) => (
            <TableRow key={plan.id} className="relative hover:bg-hover">
              <TableRowHeading>
                <Link
                  href={paths.savedPlan(plan.id)}
                  className="break-words rounded-sm after:absolute after:inset-0 hover:underline"
                >
                  {plan.name}
                </Link>
              </TableRowHeading>
              <TableCell data-label="Model">{plan.modelName}</TableCell>
              <TableCell data-label="Machine">
                <span className="flex flex-wrap items-center gap-2">
                  {plan.machineName}
                  <MaintenanceBadge maintenance={plan.machineMaintenance} />
                </span>
              </TableCell>
              <TableCell data-label="Context" numeric>
                {groupThousands(plan.request.contextLength)}
              </TableCell>
              <TableCell data-label="KV cache">
                <code className="font-mono text-xs">
                  {plan.request.cacheTypeK}/{plan.request.cacheTypeV}
                </code>
              </TableCell>
              <TableCell data-label="When saved">
                <VerdictBadge kind={plan.savedFits ? 'fits' : 'no'} />
              </TableCell>
              <TableCell data-label="Since then">
                {plan.drift ? <DriftBadge drift={plan.drift} /> : <span className="text-tertiary">–</span>}
              </TableCell>
              <TableCell data-label="Saved" className="text-secondary">
                <When time={plan.createdAt} />
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </Card>
  )
}
