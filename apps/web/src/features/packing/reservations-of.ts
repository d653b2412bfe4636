import type { PackingInput, PackingView, ReservationsInput } from '../../trpc/types.ts'

/** The server's limit of one call. */
export const MAX_RESERVATIONS = 100

/** The server's limit of a name. */
const MAX_PURPOSE = 200

/** Every replica as it lies, by the split that the packing found: the server judges each beside those before it. */
export function reservationsOf(
  { placed, demands }: Pick<PackingView, 'placed' | 'demands'>,
  asked: PackingInput,
  { owner, purpose }: { readonly owner: string; readonly purpose: string },
): ReservationsInput['reservations'] {
  const counts = new Map<number, number>()
  return placed.map(({ demand, machineId, placement }) => {
    const replica = (counts.get(demand) ?? 0) + 1
    counts.set(demand, replica)
    const { model, engine, engineVersion, request } = asked.demands[demand]!
    const { name, replicas } = demands[demand]!
    const which = replicas === 1 ? name : `${name}, replica ${replica}`
    return {
      ...{ owner, purpose: `${purpose}: ${which}`.slice(0, MAX_PURPOSE) },
      what: {
        ...{ kind: 'inputs', model, machineId, engine, request, split: placement.split },
        ...(engineVersion !== undefined && { engineVersion }),
      },
    }
  })
}
