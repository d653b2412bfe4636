import { explainReason, type Model } from '@berth/core'
import type { JointAnswer } from '../answer.ts'
import { printable } from '../failure.ts'
import { aboutLine, launchLines, placementLines } from './plan-text.ts'

/** The answer about several models for people: each one's table and command, or who finds no room and why. */
export function jointLines(models: readonly Model[], answers: readonly JointAnswer[]): readonly string[] {
  return [...models.map(aboutLine), ...answers.flatMap((answer) => ['', ...answerLines(models, answer)])]
}

function answerLines(models: readonly Model[], { machine, verdict, launches }: JointAnswer): readonly string[] {
  const name = printable(machine.name)
  const nameOf = (model: number): string => printable(models[model]!.name)
  const placed = verdict.placements.flatMap((placement, model) => {
    if (!placement) return []
    const launch = launches?.[model]
    return [
      '',
      `${nameOf(model)}:`,
      ...placementLines(placement, machine),
      ...(launch ? ['', ...launchLines(launch)] : []),
    ]
  })
  if (verdict.fits) return [`${name}: fits all ${models.length}`, ...placed]
  const all = `no placement of all ${models.length}`
  const none = verdict.proven ? `there is ${all}` : `${all} was found, though not every one was tried`
  return [
    `${name}: ${none}: no room for ${nameOf(verdict.tenant)} beside the others`,
    ...verdict.reasons.map((reason) => `  - ${printable(explainReason(reason, machine), 600)}`),
    ...placed,
  ]
}
