import type { Rule } from './rule.ts'

/** No place that is used may need more than it has, less what others hold and what must stay free. */
export const capacity: Rule = (placement) =>
  placement.memory
    .filter(({ required, headroom }) => required > 0 && headroom < 0)
    .map(({ place, required: requested, used, margin, capacity }) => ({
      code: 'insufficient-memory',
      place,
      requested,
      used,
      margin,
      capacity,
    }))
