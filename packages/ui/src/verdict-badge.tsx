import { Check, CircleSlash, Cpu, Minus } from 'lucide-react'
import { Badge, type BadgeTone } from './badge.tsx'

/** fits: on the GPUs. tight: with little to spare. host: partly in host memory. no: not at all. */
export const verdictKinds = ['fits', 'tight', 'host', 'no'] as const
export type VerdictKind = (typeof verdictKinds)[number]

const looks = {
  fits: { icon: Check, word: 'Fits', tone: 'good' },
  tight: { icon: Minus, word: 'Fits, tight', tone: 'tight' },
  host: { icon: Cpu, word: 'Needs host memory', tone: 'tight' },
  no: { icon: CircleSlash, word: 'Does not fit', tone: 'bad' },
} as const satisfies Record<VerdictKind, { icon: typeof Check; word: string; tone: BadgeTone }>

export function VerdictBadge({ kind }: { readonly kind: VerdictKind }) {
  const { icon: Icon, word, tone } = looks[kind]
  return (
    <Badge tone={tone}>
      <Icon aria-hidden className="size-3.5" strokeWidth={2.5} />
      {word}
    </Badge>
  )
}
