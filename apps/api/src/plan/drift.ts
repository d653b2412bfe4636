import {
  askedAsSaved,
  type DriftFinding,
  driftOf,
  explainDrift,
  explainRepair,
  gpuMemoryFree,
  gpuMemoryTotal,
  heldAsSaved,
  type Inventory,
  isRepairedHere,
  nearestRepairs,
  type Repair,
  weighJudged,
  worstOf,
} from '@berth/core'
import type { Context } from '../context.ts'
import type { DriftDetail } from '../drift/schema.ts'
import { everyMachine } from '../machine/repository.ts'
import type { MachineView } from '../machine/schema.ts'
import type { Question } from './judge.ts'
import type { PlanResult } from './schema.ts'
import { engineFor } from './verdict-schema.ts'

/** Other machines that are asked for a repair, those with most free: to judge all of a large lab would keep a page waiting. */
const MOST_ASKED = 24

/** A saved plan as it was judged just now. */
export interface JudgedPlan {
  readonly machine: MachineView
  readonly question: Question
  readonly result: PlanResult
}

/** What is another under a saved plan, and what would bring it back. */
export const driftOfPlan = (
  ctx: Context,
  inventory: Inventory,
  judged: JudgedPlan,
  signal?: AbortSignal,
): Promise<DriftDetail> => driftOfSaved(ctx, { inventory, found: driftOf(inventory, judged.machine) }, judged, signal)

/** What was relied on, and what of it is another. */
interface Drifted {
  readonly inventory: Inventory
  readonly found: readonly DriftFinding[]
}

/** What is another under a plan that was judged, whether its split still holds, and what would bring it back. */
export async function driftOfSaved(
  ctx: Context,
  { inventory, found }: Drifted,
  judged: JudgedPlan,
  signal?: AbortSignal,
): Promise<DriftDetail> {
  const { machine, question, result } = judged
  if (found.length === 0) return null
  const asSaved = { ...question, ...askedAsSaved({ ...question, engine: engineFor(question) }, inventory) }
  const [verdict] = await ctx.services.judge(
    { ...asSaved, engine: question.engine },
    [heldAsSaved(machine, inventory)],
    signal,
  )
  if (verdict === undefined) throw new Error('a machine was not judged')
  const findings = weighJudged(found, verdict)
  const severity = worstOf(findings)!
  const isBroken = severity === 'breaks' || !result.fits
  return {
    severity,
    sentences: findings.map((finding) => explainDrift(finding)),
    findings: findings.map(({ severity: weight, ...finding }) => ({
      finding,
      severity: weight,
      sentence: explainDrift(finding),
    })),
    repairs: isBroken ? await repairsOf(ctx, judged, signal) : [],
  }
}

/** The nearest first; other machines are asked only where its own cannot host it as asked. */
async function repairsOf(ctx: Context, { machine, question, result }: JudgedPlan, signal?: AbortSignal) {
  const { split, ...anew } = question
  const [here] = split === undefined ? [result] : await ctx.services.judge(anew, [machine], signal)
  const others = isRepairedHere(here) ? [] : await roomiest(ctx, machine)
  const { otherFiles: _, ...asAsked } = anew
  const elsewhere = others.length === 0 ? [] : await ctx.services.judge(asAsked, others, signal)
  const repairs = nearestRepairs({
    here,
    elsewhere: elsewhere.map((verdict) => ({ machine: verdict.machine.id, verdict })),
  })
  const nameOf = (repair: Repair): Pick<MachineView, 'id' | 'name'> =>
    [machine, ...others].find(({ id }) => id === repair.placement.machine)!
  return repairs.map((repair) => {
    const { id, name } = nameOf(repair)
    return { repair, machine: { id, name }, sentence: explainRepair(repair, name) }
  })
}

async function roomiest({ services, teamId }: Context, not: MachineView): Promise<readonly MachineView[]> {
  const machines = await everyMachine(services.database.client, teamId)
  const roomOf = (machine: MachineView): number => gpuMemoryFree(machine) ?? gpuMemoryTotal(machine)
  return machines
    .filter(({ id, maintenance }) => id !== not.id && maintenance === null)
    .toSorted((left, right) => roomOf(right) - roomOf(left))
    .slice(0, MOST_ASKED)
}
