import type { Freshness } from './freshness.ts'

/** Why figures are not to be relied on; undefined while they are fresh. */
export function explainFreshness(freshness: Freshness): string | undefined {
  if (freshness.kind === 'fresh') return undefined
  if (freshness.kind === 'never-read') {
    return 'No tool on it was ever read: what others hold of its memory is not known, and nothing is reckoned for it.'
  }
  const { ageSeconds, reportSeconds } = freshness
  const age = formatSeconds(ageSeconds)
  if (reportSeconds === null) {
    return `Its figures were read ${age} ago, and nothing reports since: what others hold of its memory may have changed.`
  }
  return `It reports every ${formatSeconds(reportSeconds)}, and was last heard of ${age} ago: free memory and hardware may have changed.`
}

const units = [
  { seconds: 86_400, one: 'day', many: 'days' },
  { seconds: 3600, one: 'h', many: 'h' },
  { seconds: 60, one: 'min', many: 'min' },
  { seconds: 1, one: 's', many: 's' },
] as const

/** "5 min", "3 days": the largest unit that there are two of, or the smallest that there is one of. */
export function formatSeconds(seconds: number): string {
  const unit =
    units.find((candidate) => seconds >= 2 * candidate.seconds) ?? units.find((one) => seconds >= one.seconds)
  if (unit === undefined) return '0 s'
  const count = Math.floor(seconds / unit.seconds)
  return `${count} ${count === 1 ? unit.one : unit.many}`
}
