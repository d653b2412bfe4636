import { type ReactNode, useId } from 'react'
import { describeRun, type LayerHolder, type LayerRun, layerRuns } from './geometry/layer-runs.ts'
import { percent } from './geometry/segments.ts'

export interface LayerStripProps {
  /** One holder a layer, the output layer last. */
  readonly layers: readonly LayerHolder[]
  /** The name of a device by its position in the run: "CUDA0 · RTX 3090". */
  readonly deviceLabel: (device: number) => string
  /** First blocks whose experts stay in host memory; marked by a band below their cells. */
  readonly expertsOnHost?: number
  /** Laid over the cells: handles to move their boundaries. */
  readonly children?: ReactNode
}

const DEVICE_COLOURS = 6
const CELL_HEIGHT = 28

/** A model's layers in order, coloured by who holds them, every boundary named. */
export function LayerStrip({ layers, deviceLabel, expertsOnHost = 0, children }: LayerStripProps) {
  const scope = useId()
  const runs = layerRuns(layers)
  const nameOf = (holder: LayerHolder) => (holder === 'host' ? 'Host memory' : deviceLabel(holder))
  const sentence = runs.map((run) => `${nameOf(run.holder)}: ${describeRun(run, layers.length)}`).join('; ')
  return (
    <figure className="grid gap-2">
      <div className="relative">
        <svg role="img" aria-labelledby={`${scope}-title`} width="100%" height={CELL_HEIGHT + 6} className="block">
          <title id={`${scope}-title`}>{`Layers in order. ${sentence}`}</title>
          <HostHatch scope={scope} />
          {runs.map((run) => (
            <rect
              key={run.firstLayer}
              x={percent(run.start)}
              width={percent(run.width)}
              height={CELL_HEIGHT}
              fill={run.holder === 'host' ? `url(#${scope}-host)` : deviceColour(run.holder)}
            />
          ))}
          {Array.from(layers.keys(), (layer) => (
            <CellEdge key={layer} at={layer / layers.length} boundary={runs.some((run) => run.firstLayer === layer)} />
          ))}
          {expertsOnHost > 0 && (
            <rect
              y={CELL_HEIGHT + 2}
              width={percent(expertsOnHost / layers.length)}
              height={4}
              fill={`url(#${scope}-host)`}
            />
          )}
        </svg>
        {children}
      </div>
      <figcaption className="grid gap-1.5">
        <RunLabels runs={runs} layerCount={layers.length} nameOf={nameOf} />
        {expertsOnHost > 0 && (
          <p className="text-xs text-secondary">
            Band below the cells: the experts of the first {expertsOnHost} blocks stay in host memory.
          </p>
        )}
      </figcaption>
    </figure>
  )
}

const deviceColour = (device: number): string => `var(--device-${device % DEVICE_COLOURS})`

function HostHatch({ scope }: { readonly scope: string }) {
  return (
    <defs>
      <pattern id={`${scope}-host`} width="6" height="6" patternUnits="userSpaceOnUse">
        <rect width="6" height="6" fill="var(--track)" />
        <path d="M-1 1 L1 -1 M0 6 L6 0 M5 7 L7 5" stroke="var(--host)" strokeWidth="1.75" />
      </pattern>
    </defs>
  )
}

/** Between cells of one holder the edge is faint, so that blocks can be counted; a boundary stands out. */
function CellEdge({ at, boundary }: { readonly at: number; readonly boundary: boolean }) {
  return (
    <line
      x1={percent(at)}
      x2={percent(at)}
      y2={CELL_HEIGHT}
      stroke="var(--surface)"
      strokeWidth={boundary ? 3 : 1}
      strokeOpacity={boundary ? 1 : 0.45}
    />
  )
}

function RunLabels({
  runs,
  layerCount,
  nameOf,
}: {
  readonly runs: readonly LayerRun[]
  readonly layerCount: number
  readonly nameOf: (holder: LayerHolder) => string
}) {
  return (
    <ol className="flex flex-wrap gap-x-5 gap-y-1 text-xs">
      {runs.map((run) => (
        <li key={run.firstLayer} className="flex items-baseline gap-1.5">
          <svg aria-hidden width="10" height="10" className="self-center">
            <rect
              width="10"
              height="10"
              rx="2"
              fill={run.holder === 'host' ? 'var(--host)' : deviceColour(run.holder)}
            />
          </svg>
          <span className="font-medium">{nameOf(run.holder)}</span>
          <span className="text-secondary tabular-nums">{describeRun(run, layerCount)}</span>
        </li>
      ))}
    </ol>
  )
}
