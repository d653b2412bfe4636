import { groupThousands } from '@berth/core'
import { cn } from './cn.ts'
import { type FitKind, fitKinds, fitWords } from './fit-kinds.ts'
import { fitColour, fitSteps, stepsFromGibibytes } from './geometry/fit-scale.ts'
import { backgroundOf } from './fit-matrix-cell.tsx'

export interface FitLegendProps {
  /** Pairs of each. */
  readonly counts: Readonly<Record<FitKind, number>>
  /** What is looked for; all where nothing is. */
  readonly shown: readonly FitKind[]
  readonly onToggle: (kind: FitKind) => void
}

/** The key to a matrix: its icons in words, and its colours as a scale of GiB. A click on a word looks for it alone. */
export function FitLegend({ counts, shown, onToggle }: FitLegendProps) {
  return (
    <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2 text-xs text-secondary">
      <ul aria-label="Verdicts" className="-mx-1 flex flex-wrap items-center gap-x-1">
        {fitKinds.map((kind) => (
          <li key={kind}>
            <KindButton kind={kind} count={counts[kind]} pressed={shown.includes(kind)} onToggle={onToggle} />
          </li>
        ))}
        <li
          className="px-1"
          data-tip="Told without planning every placement. What is in view is then planned, and its figure exact."
        >
          ≈ estimated
        </li>
      </ul>
      <Scale />
    </div>
  )
}

function KindButton({
  kind,
  count,
  pressed,
  onToggle,
}: {
  readonly kind: FitKind
  readonly count: number
  readonly pressed: boolean
  readonly onToggle: (kind: FitKind) => void
}) {
  const { icon: Icon, word, tip } = fitWords[kind]
  return (
    <button
      type="button"
      aria-pressed={pressed}
      data-tip={tip}
      onClick={() => onToggle(kind)}
      className={cn(
        'flex items-center gap-1 rounded-md px-1 py-1 hover:bg-hover hover:text-ink',
        pressed && 'bg-accent-soft font-medium text-accent ring-1 ring-accent ring-inset',
      )}
    >
      <span
        aria-hidden
        className="grid size-5 place-items-center rounded-sm border border-line text-ink"
        style={onScale(kind) ? {} : backgroundOf(kind, null)}
      >
        <Icon className="size-3.5" strokeWidth={2.25} />
      </span>
      {word}
      <span className="tabular-nums">{groupThousands(count)}</span>
    </button>
  )
}

const onScale = (kind: FitKind): boolean => kind === 'fits' || kind === 'tight' || kind === 'no'

function Scale() {
  const [, ...above] = [0, ...stepsFromGibibytes]
  const bounds = [...above.toReversed().map((from) => `−${from}`), ...above.map((from) => `+${from}`)]
  return (
    <div
      role="img"
      aria-label="Colours, from orange over grey to blue: GiB lacking or to spare on the tightest GPU"
      className="flex items-center gap-2"
    >
      <span aria-hidden>lacking</span>
      <span aria-hidden className="grid grid-cols-7 text-2xs tabular-nums">
        {fitSteps.map((step, at) => (
          <span key={step} className="relative pb-4">
            <span
              className={cn(
                'block h-3.5 w-7',
                at === 0 && 'rounded-l-sm',
                at === fitSteps.length - 1 && 'rounded-r-sm',
              )}
              style={{ background: fitColour(step) }}
            />
            {bounds[at] !== undefined && (
              <span className="absolute right-0 bottom-0 translate-x-1/2">{bounds[at]}</span>
            )}
          </span>
        ))}
      </span>
      <span aria-hidden>GiB to spare</span>
    </div>
  )
}
