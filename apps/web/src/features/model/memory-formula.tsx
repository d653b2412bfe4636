'use client'

import { bytes, type FormulaLine, sumBytes } from '@berth/core'
import { ByteFigure } from '@berth/ui/byte-figure'
import { exactBytes } from '@berth/ui/exact-bytes'

/** How a figure comes about: its terms and their sum, what is to be said of them, and where llama.cpp does the same. */
export function MemoryFormula({ lines, source }: { readonly lines: readonly FormulaLine[]; readonly source: string }) {
  const terms = lines.filter((line): line is Required<FormulaLine> => line.bytes !== undefined)
  const remarks = lines.filter((line) => line.bytes === undefined)
  return (
    <div className="grid gap-2 border-l-2 border-line-strong pl-3 text-xs sm:ml-[7px] sm:max-w-3xl sm:pl-4">
      {terms.length > 0 && (
        <ul className="grid gap-1">
          {terms.map((term) => (
            <li key={term.text} className="flex items-baseline justify-between gap-4">
              <span className="min-w-0 break-words">{term.text}</span>
              <ByteFigure bytes={term.bytes} focusable={false} className="shrink-0" />
            </li>
          ))}
          <li className="flex items-baseline justify-between gap-4 border-t border-line pt-1 font-medium">
            <span>Sum</span>
            <span className="shrink-0 tabular-nums">
              {exactBytes(sumBytes(terms.map((term) => bytes(term.bytes))))}
            </span>
          </li>
        </ul>
      )}
      <div className="grid gap-0.5 text-secondary">
        {remarks.map(({ text }) => (
          <p key={text} className="break-words">
            {text}
          </p>
        ))}
        <p className="break-words">Source: {source}</p>
      </div>
    </div>
  )
}
