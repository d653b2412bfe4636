import Link from 'next/link'
import { paths } from '../../paths.ts'
import type { MachineView } from '../../trpc/types.ts'
import { MaintenanceCallout } from '../machine/maintenance.tsx'

/** Which machines give no answer because they are in maintenance, and which does although it is. */
export function InMaintenance({
  machines,
  named,
}: {
  readonly machines: readonly MachineView[]
  readonly named: MachineView | undefined
}) {
  return (
    <>
      {named && (
        <MaintenanceCallout name={named.name} maintenance={named.maintenance}>
          It is judged because it was asked for.
        </MaintenanceCallout>
      )}
      {machines.length > 0 && (
        <p className="text-xs text-secondary">
          In maintenance and not planned on:{' '}
          {machines.map(({ id, name }, at) => (
            <span key={id}>
              {at > 0 && ', '}
              <Link href={paths.machine(id)} className="rounded-sm text-accent hover:underline">
                {name}
              </Link>
            </span>
          ))}
        </p>
      )}
    </>
  )
}
