import { explainReason, type Machine, type Reason } from '@berth/core'

/** Everything that stands against a placement, a sentence each. */
export function Reasons({ reasons, machine }: { readonly reasons: readonly Reason[]; readonly machine: Machine }) {
  return (
    <ul className="grid gap-1">
      {reasons.map((reason) => {
        const sentence = explainReason(reason, machine)
        return <li key={sentence}>{sentence}</li>
      })}
    </ul>
  )
}
