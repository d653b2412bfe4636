import { KIB } from '../../units.ts'
import type { CostTable } from './segment-costs.ts'

/** Headrooms nearer to each other than this are alike. */
const PRECISION = 64 * KIB

/**
 * Modules in their order over devices in theirs, so that what is left on the tightest device is most: for every device
 * the number of its modules, as many devices as are needed. Each headroom is tried by filling device after device, which
 * fits whenever anything fits, because a module more never takes less; the highest that fits is found by halving.
 *
 * @param free what each device may hold, in bytes; the outcome may exceed it where everything does
 */
export function balancedCounts(costs: CostTable, free: readonly number[]): readonly number[] {
  const everything = costs.modules.reduce((sum, { kept, scratch, pass }) => sum + kept + scratch + pass, 0)
  let high = Math.max(...free)
  let low = Math.min(...free) - everything - costs.once - costs.onceCached
  let best = filled(costs, free, low) ?? [costs.modules.length]
  while (high - low > PRECISION) {
    const headroom = (low + high) / 2
    const found = filled(costs, free, headroom)
    if (found) {
      best = found
      low = headroom
    } else high = headroom
  }
  return best
}

/** Fills devices one after the other up to what leaves this much on each; undefined where modules are left over. */
function filled(
  { modules, once, onceCached }: CostTable,
  free: readonly number[],
  headroom: number,
): readonly number[] | undefined {
  const counts: number[] = []
  let next = 0
  for (const available of free) {
    const first = next
    let [kept, scratch, pass, cached] = [0, 0, 0, false]
    for (let module = modules[next]; module; module = modules[++next]) {
      kept += module.kept
      scratch = Math.max(scratch, module.scratch)
      pass = Math.max(pass, module.pass)
      cached ||= module.cached
      if (kept + scratch + pass + once + (cached ? onceCached : 0) > available - headroom) break
    }
    counts.push(next - first)
    if (next === modules.length) return counts
  }
  return undefined
}
