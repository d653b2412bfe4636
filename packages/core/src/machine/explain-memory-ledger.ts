import { type Bytes, bytes, formatBytes } from '../units.ts'
import type { MemoryLedgerPlace } from './memory-ledger.ts'

/** What the three words mean, wherever they stand. */
export const memoryWords = {
  measured: { label: 'Measured', hint: 'What a tool on the machine read as in use.' },
  reserved: { label: 'Reserved', hint: 'Promised to reservations: plans leave it alone.' },
  planned: { label: 'Planned', hint: 'What saved plans would need. It holds nothing.' },
} as const

/** How a place's free memory comes about, a sentence a figure that there is. */
export const explainMemoryLedger = (place: MemoryLedgerPlace): readonly string[] => [
  ...measuredSentence(place),
  ...reservedSentence(place),
]

function measuredSentence({ measured, measuredBeside }: MemoryLedgerPlace): readonly string[] {
  if (measured === undefined) return ['What is in use was never measured.']
  const theirs = bytes(measured - measuredBeside)
  if (theirs === 0) return []
  const beside = measuredBeside > 0 ? `, ${formatBytes(measuredBeside)} is not` : ''
  return [
    `Of the ${formatBytes(measured)} that was measured, ${formatBytes(theirs)} is counted as reservations’${beside}.`,
  ]
}

function reservedSentence({ reserved, measuredBeside, capacity, free }: MemoryLedgerPlace): readonly string[] {
  if (reserved.peak === 0) return []
  const parts = [
    `${formatBytes(reserved.peak)} reserved${reserved.peak > reserved.now ? ' at most from now on' : ''}`,
    ...(measuredBeside > 0 ? [`${formatBytes(measuredBeside)} measured beside that`] : []),
  ]
  if (capacity === undefined || free.afterReserved === undefined) return [`${parts.join(' and ')}.`]
  return [`${formatBytes(capacity)} less ${parts.join(' and ')}: ${leftOf(free.afterReserved)}.`]
}

const leftOf = (left: Bytes): string =>
  left < 0 ? `${formatBytes(bytes(-left))} more than there is` : `${formatBytes(left)} left`
