import { Button } from '@berth/ui/button'
import { Dialog, DialogContent, DialogTrigger } from '@berth/ui/dialog'
import type { DemandRowProps } from './demand-row.tsx'

/** Which machines may hold a model: all, or those that are ticked. */
export function AllowedMachines({
  demand,
  machines,
  onChange,
}: Pick<DemandRowProps, 'demand' | 'machines' | 'onChange'>) {
  const allowed = machines.filter(({ id }) => demand.machines.includes(id))
  const toggle = (id: (typeof machines)[number]['id'], isTicked: boolean) =>
    onChange({ machines: isTicked ? [...demand.machines, id] : demand.machines.filter((one) => one !== id) })
  return (
    <div className="grid min-w-0 content-start gap-1">
      <p aria-hidden className="text-xs font-medium text-secondary">
        May run on
      </p>
      <Dialog>
        <DialogTrigger asChild>
          <Button className="min-w-0 justify-start" aria-label={`May run on: ${wordsFor(allowed)}`}>
            <span className="truncate">{wordsFor(allowed)}</span>
          </Button>
        </DialogTrigger>
        <DialogContent title="Machines it may run on" description="None ticked: any of them.">
          <ul className="grid gap-0.5">
            {machines.map(({ id, name }) => (
              <li key={id}>
                <label className="flex items-center gap-2.5 rounded-md px-2 py-1.5 hover:bg-hover">
                  <input
                    type="checkbox"
                    className="size-4 accent-(--accent)"
                    checked={demand.machines.includes(id)}
                    onChange={({ target }) => toggle(id, target.checked)}
                  />
                  <span className="break-words text-sm">{name}</span>
                </label>
              </li>
            ))}
          </ul>
        </DialogContent>
      </Dialog>
    </div>
  )
}

function wordsFor(allowed: DemandRowProps['machines']): string {
  const [first, ...others] = allowed
  if (first === undefined) return 'Any machine'
  return others.length === 0 ? first.name : `${first.name} and ${others.length} more`
}
