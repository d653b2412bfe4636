interface Trial {
  readonly placement?: unknown
  readonly headroom: number
}

export interface FittingProblem<Tried extends Trial> {
  readonly least: number
  /** Known not to fit. */
  readonly most: number
  /** What is lacking there, where that is known: the line to it lands near. */
  readonly headroomAtMost?: number
  readonly at: (count: number) => Tried
}

/** Memory is all but linear in what is counted, so the line between two trials lands within a step or two. */
const MOST_TRIALS = 24

/**
 * The largest whole number that fits, given that a larger one never needs less. Exact: ends only when the next number
 * has been tried and does not fit. Undefined when not even the least fits.
 */
export function largestFitting<Tried extends Trial>(
  problem: FittingProblem<Tried>,
): { readonly count: number; readonly trial: Tried } | undefined {
  let fits = { count: problem.least, trial: problem.at(problem.least) }
  if (fits.trial.placement === undefined || problem.most <= problem.least) return undefined
  let short: { readonly count: number; readonly headroom: number } = {
    count: problem.most,
    headroom: problem.headroomAtMost ?? NaN,
  }
  for (let trials = 0; short.count - fits.count > 1 && trials < MOST_TRIALS; trials++) {
    const count = nextCount(fits.count, fits.trial.headroom, short, trials)
    const trial = problem.at(count)
    if (trial.placement !== undefined) fits = { count, trial }
    else short = { count, headroom: trial.headroom }
  }
  return fits
}

/** The same where the most may well fit: it is tried first, and what it lacks leads to the rest. */
export function largestUpTo<Tried extends Trial>(
  problem: Omit<FittingProblem<Tried>, 'headroomAtMost'>,
): { readonly count: number; readonly trial: Tried } | undefined {
  const trial = problem.at(problem.most)
  if (trial.placement !== undefined) return { count: problem.most, trial }
  return largestFitting({ ...problem, headroomAtMost: trial.headroom })
}

/** Where the line through both ends crosses zero; every third time the middle, lest one end never moves. */
function nextCount(
  fits: number,
  left: number,
  short: { readonly count: number; readonly headroom: number },
  trials: number,
): number {
  const share = left / (left - short.headroom)
  const isUsable = Number.isFinite(share) && share >= 0 && share <= 1 && trials % 3 !== 2
  const guess = fits + Math.floor((short.count - fits) * (isUsable ? share : 0.5))
  return Math.min(short.count - 1, Math.max(fits + 1, guess))
}
