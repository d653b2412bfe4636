import { explainMachineWarning, type Machine, machineWarnings } from '@berth/core'
import { Card, CardBody, CardHeader } from '@berth/ui/card'
import { bondStroke, LinkDiagram } from '@berth/ui/link-diagram'
import { Table, TableBody, TableCell, TableHead, TableHeading, TableRow, TableRowHeading } from '@berth/ui/table'
import type { ReactNode } from 'react'
import { interfaceWords, linkedDevices, linkMatrix, pathLines, peerLines } from './link-words.ts'
import { WarningList } from './warning-list.tsx'

/** How the machine's GPUs reach each other and other hosts: drawn, in words, and as the matrix that nvidia-smi prints. */
export function MachineLinks({ machine }: { readonly machine: Machine }) {
  const interfaces = machine.networkInterfaces ?? []
  const warnings = machineWarnings(machine)
    .filter((warning) => !('device' in warning))
    .map((warning) => explainMachineWarning(warning, machine))
  const isKnown = machine.links.length + interfaces.length > 0
  return (
    <Card>
      <CardHeader title="Links" description="How its GPUs reach each other, and the network." />
      <CardBody className="grid grid-cols-[minmax(0,1fr)] gap-4">
        {warnings.length > 0 && <WarningList warnings={warnings} />}
        {isKnown ? (
          <div className="grid grid-cols-[minmax(0,1fr)] gap-x-10 gap-y-4 md:grid-cols-[auto_minmax(0,1fr)] md:items-start">
            <LinkDiagram machine={machine} />
            <Legend machine={machine} />
          </div>
        ) : (
          <p className="text-secondary">
            No tool that was read tells how its GPUs are linked. Paste what{' '}
            <code className="font-mono text-xs">nvidia-smi topo -m</code> prints under this machine’s name.
          </p>
        )}
        {machine.links.length > 0 && (
          <details>
            <summary className="w-fit rounded-sm text-xs text-secondary hover:text-ink">As a matrix</summary>
            <LinkMatrix machine={machine} />
          </details>
        )}
      </CardBody>
    </Card>
  )
}

function Legend({ machine }: { readonly machine: Machine }) {
  const paths = pathLines(machine)
  const peers = peerLines(machine)
  const kinds = paths.filter(({ isBridge }) => isBridge).map(({ kind }) => kind)
  return (
    <dl className="grid min-w-0 content-start gap-3 text-xs">
      {paths.length > 0 && (
        <Facts term="Paths between GPUs">
          {paths.map(({ kind, isBridge, meaning, pairs }) => (
            <li key={kind} className="flex items-center gap-2">
              <LineSample {...(isBridge ? bondStroke(kind, kinds) : { colour: 'var(--line-strong)', width: 1.5 })} />
              <span className="min-w-0">
                <code className="font-mono font-semibold">{kind}</code> {meaning}, {pairs}
              </span>
            </li>
          ))}
        </Facts>
      )}
      {peers.length > 0 && (
        <Facts term="P2P, one GPU straight to another’s memory">
          {peers.map(({ access, text }) => (
            <li key={access}>
              <code className="font-mono font-semibold">{access}</code> {text}
            </li>
          ))}
        </Facts>
      )}
      {machine.networkInterfaces && (
        <Facts term="Network">
          {machine.networkInterfaces.length === 0 && <li>no interface</li>}
          {machine.networkInterfaces.map((one) => (
            <li key={one.name} className="break-words">
              {interfaceWords(one)}
            </li>
          ))}
        </Facts>
      )}
    </dl>
  )
}

function Facts({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-tertiary">{term}</dt>
      <dd className="mt-1">
        <ul className="grid gap-1">{children}</ul>
      </dd>
    </div>
  )
}

const LineSample = ({ colour, width }: { readonly colour: string; readonly width: number }) => (
  <svg aria-hidden width="20" height="8" className="shrink-0">
    <line x1="0" x2="20" y1="4" y2="4" stroke={colour} strokeWidth={width} />
  </svg>
)

function LinkMatrix({ machine }: { readonly machine: Machine }) {
  const devices = linkedDevices(machine)
  const matrix = linkMatrix(machine)
  return (
    <div className="mt-2">
      <Table label="Links between GPUs" flush className="w-auto">
        <TableHead>
          <TableRow>
            <TableHeading>
              <span className="sr-only">GPU</span>
            </TableHeading>
            {devices.map(({ id, index }) => (
              <TableHeading key={id}>GPU {index}</TableHeading>
            ))}
          </TableRow>
        </TableHead>
        <TableBody>
          {devices.map(({ id, index }, row) => (
            <TableRow key={id}>
              <TableRowHeading className="sticky left-0 whitespace-nowrap bg-surface text-xs">
                GPU {index}
              </TableRowHeading>
              {matrix[row]!.map((cell, column) => (
                <TableCell key={devices[column]!.id} className="whitespace-nowrap">
                  <code className="font-mono text-xs">{cell}</code>
                </TableCell>
              ))}
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </div>
  )
}
