import { Check, CircleDashed, CircleSlash, Cpu, type LucideIcon, Minus, X } from 'lucide-react'
import { verdictKinds } from './verdict-badge.tsx'

/** refused: the engine does not take the file, however much memory there is. open: not decided. */
export const fitKinds = [...verdictKinds, 'refused', 'open'] as const
export type FitKind = (typeof fitKinds)[number]

/** What a verdict is called in a matrix, where an icon alone stands for it. */
export const fitWords = {
  fits: { icon: Check, word: 'Fits', tip: 'On the GPUs alone.' },
  tight: { icon: Minus, word: 'Fits, tight', tip: 'Less than 1 GiB or 5 % of a GPU to spare.' },
  host: { icon: Cpu, word: 'Needs host memory', tip: 'A part of it is in the host’s memory, and slower for it.' },
  no: { icon: CircleSlash, word: 'Does not fit', tip: 'By so much it is too large.' },
  refused: { icon: X, word: 'Refused', tip: 'The engine does not take this file, or not on these GPUs.' },
  open: { icon: CircleDashed, word: 'Open', tip: 'Too near the edge to be told without planning it.' },
} as const satisfies Record<FitKind, { readonly icon: LucideIcon; readonly word: string; readonly tip: string }>

/** Which verdicts host the model. */
export const hosts = {
  fits: true,
  tight: true,
  host: true,
  no: false,
  refused: false,
  open: false,
} as const satisfies Record<FitKind, boolean>
