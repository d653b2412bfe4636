import { cn } from './cn.ts'
import { type FitKind, fitKinds, fitWords } from './fit-kinds.ts'
import { fitColour, fitSteps, stepsFromGibibytes } from './geometry/fit-scale.ts'
import { backgroundOf } from './fit-matrix-cell.tsx'

/** The key to a matrix: its icons in words, and its colours as a scale of GiB. */
export function FitLegend({ kinds = fitKinds }: { readonly kinds?: readonly FitKind[] }) {
  return (
    <div className="flex flex-wrap items-center gap-x-6 gap-y-2 text-xs text-secondary">
      <ul aria-label="Verdicts" className="flex flex-wrap gap-x-4 gap-y-1">
        {kinds.map((kind) => {
          const { icon: Icon, word, tip } = fitWords[kind]
          return (
            <li key={kind} className="flex items-center gap-1.5" data-tip={tip}>
              <span
                aria-hidden
                className="grid size-5 place-items-center rounded-sm border border-line text-ink"
                style={onScale(kind) ? {} : backgroundOf(kind, null)}
              >
                <Icon className="size-3.5" strokeWidth={2.25} />
              </span>
              {word}
            </li>
          )
        })}
        <li data-tip="Told without planning every placement. What is in view is then planned, and its figure exact.">
          ≈ estimated
        </li>
      </ul>
      <Scale />
    </div>
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
                'block h-3.5 w-8',
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
