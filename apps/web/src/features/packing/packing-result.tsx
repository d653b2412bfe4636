import { groupThousands } from '@berth/core'
import { Badge } from '@berth/ui/badge'
import { Callout } from '@berth/ui/callout'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import type { PackingInput, PackingView } from '../../trpc/types.ts'
import { PackedMachines } from './packed-machines.tsx'
import { ReserveAll } from './reserve-all.tsx'

const states = {
  greedy: { tone: 'neutral', label: 'Answer at once' },
  optimal: { tone: 'good', label: 'Proven best' },
  'time-limit': { tone: 'tight', label: 'Best within the time' },
} as const

/** How good it is, what did not fit and why, then every machine that holds some of it. */
export function PackingResult({
  packing,
  asked,
  isRunning,
}: {
  readonly packing: PackingView
  /** What it answers. */
  readonly asked: PackingInput
  /** Whether a better one is still looked for. */
  readonly isRunning: boolean
}) {
  const { status, demands, placed, unplaced, milliseconds } = packing
  const { tone, label } = states[status]
  const wanted = demands.reduce((sum, { replicas }) => sum + replicas, 0)
  const used = new Set(placed.map(({ machineId }) => machineId)).size
  const took = `Planned in ${seconds(milliseconds.planning)}, solved in ${seconds(milliseconds.solving)}.`
  return (
    <section aria-label="Packing" className="grid gap-4">
      <Card>
        <CardHeader
          title={`${groupThousands(placed.length)} of ${groupThousands(wanted)} replicas placed on ${groupThousands(used)} of ${groupThousands(packing.machines.length)} machines`}
          description={took}
          actions={
            <>
              <Badge tone={tone}>{label}</Badge>
              {!isRunning && <ReserveAll packing={packing} asked={asked} />}
            </>
          }
        />
        <CardBody className="px-0 pb-0 sm:px-0 sm:pb-0">
          <Goals packing={packing} />
        </CardBody>
      </Card>
      {unplaced.map(({ demand, missing, explanation }) => (
        <Callout
          key={demand}
          tone="warning"
          title={`${groupThousands(missing)} of ${groupThousands(demands[demand]!.replicas)} of ${demands[demand]!.name} found no room`}
        >
          {explanation.map((sentence) => (
            <p key={sentence}>{sentence}</p>
          ))}
        </Callout>
      ))}
      <PackedMachines packing={packing} />
    </section>
  )
}

const seconds = (milliseconds: number): string => `${(milliseconds / 1000).toFixed(1)} s`

/** What was sought, the most important first, with what is proven of it. */
function Goals({ packing: { goals } }: { readonly packing: PackingView }) {
  return (
    <Table label="Goals, the most important first" cards>
      <TableHead>
        <TableRow>
          <TableHeading>Goal</TableHeading>
          <TableHeading numeric>Reached</TableHeading>
          <TableHeading numeric>No packing passes</TableHeading>
          <TableHeading numeric>Gap</TableHeading>
        </TableRow>
      </TableHead>
      <TableBody>
        {goals.map((goal) => (
          <TableRow key={goal.label}>
            <TableRowHeading className="font-normal">{goal.label}</TableRowHeading>
            <TableCell numeric data-label="Reached">
              {goal.valueText}
            </TableCell>
            <TableCell numeric data-label="No packing passes">
              {goal.boundText ?? <span className="text-tertiary">not sought yet</span>}
            </TableCell>
            <TableCell numeric data-label="Gap">
              {gapText(goal)}
            </TableCell>
          </TableRow>
        ))}
      </TableBody>
    </Table>
  )
}

function gapText({ isBest, gap }: PackingView['goals'][number]): string {
  if (isBest) return 'none'
  return gap === null ? '' : `${groupThousands((gap * 100).toFixed(1))} %`
}
