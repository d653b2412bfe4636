import type { Labels } from '@berth/core'

/** Labels as small tags, in the order of their names. */
export function LabelList({ labels }: { readonly labels: Labels }) {
  return (
    <ul className="flex flex-wrap gap-1">
      {Object.entries(labels)
        .toSorted(([a], [b]) => (a < b ? -1 : 1))
        .map(([key, value]) => (
          <li
            key={key}
            className="max-w-64 truncate rounded bg-sunken px-1.5 text-xs leading-5 ring-1 ring-inset ring-line"
            title={value === '' ? key : `${key}=${value}`}
          >
            <span className="text-secondary">{key}</span>
            {value !== '' && <span className="font-medium"> {value}</span>}
          </li>
        ))}
    </ul>
  )
}
