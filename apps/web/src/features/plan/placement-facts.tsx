'use client'

import {
  type Bytes,
  bytes,
  type Exl2Told,
  groupThousands,
  leastCertain,
  leastHeadroom,
  movesTensors,
  PIPELINE_OFF,
  type Placement,
  sumBytes,
} from '@berth/core'
import { CertaintyBadge } from '@berth/ui/certainty-badge'
import { ByteFigure } from '@berth/ui/byte-figure'
import type { ReactNode } from 'react'
import { sumCertainty } from './memory-view.ts'
import { layerCount } from './verdict-view.ts'

/** The figures one asks for first. */
export function PlacementFacts({ placement }: { readonly placement: Placement }) {
  const { settings, split, memory, exl2 } = placement
  const headroom = leastHeadroom(placement)
  // What the host's side takes is always an assumption, and rarely what decides.
  const onDevices = memory.filter(({ place }) => place.kind === 'device')
  const onGpus = split.devices.reduce((sum, { layers }) => sum + layers, 0)
  const context = sumBytes(memory.map((place) => place.context))
  const required = sumBytes(memory.map((place) => place.required))
  return (
    <dl className="grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-4">
      <Fact term="Takes in all">
        <span className="flex flex-wrap items-center gap-1.5">
          <ByteFigure bytes={required} note="All four parts over all places" />
          <CertaintyBadge certainty={leastCertain(onDevices.map(sumCertainty))} />
        </span>
      </Fact>
      <Fact term="Layers on GPUs">
        {onGpus} of {layerCount(placement)}
      </Fact>
      <Fact term={`Context, ${groupThousands(settings.contextLength)} tokens`}>
        <ByteFigure bytes={context} note={perToken(context, settings.contextLength)} />
      </Fact>
      <Fact term={headroom < 0 ? 'Short by, fullest GPU' : 'To spare, fullest GPU'}>
        <ByteFigure
          bytes={bytes(Math.abs(headroom))}
          note={headroom < 0 ? 'The margin included' : 'Beyond the margin'}
          {...(headroom < 0 ? { className: 'text-bad' } : {})}
        />
      </Fact>
      <Fact term="Weights">
        <ByteFigure bytes={sumBytes(memory.map((place) => place.model))} />
      </Fact>
      <Fact term="KV cache">
        {exl2
          ? (settings.exl2Cache ?? 'FP16')
          : settings.cacheTypeK === settings.cacheTypeV
            ? settings.cacheTypeK
            : `K ${settings.cacheTypeK}, V ${settings.cacheTypeV}`}
        {settings.offloadKqv ? '' : ', in host memory'}
      </Fact>
      <Fact term="Flash attention">{placement.flashAttention ? 'on' : 'off'}</Fact>
      {exl2 ? <Fact term="Split">{splitOf(exl2)}</Fact> : <Fact term="Pipeline parallel">{pipeline(placement)}</Fact>}
    </dl>
  )
}

/** What `-gs` says. */
const splitOf = ({ split }: Exl2Told): string =>
  split.kind === 'auto' ? 'by the engine itself' : `${split.gigabytes.join(', ')} GB`

/** Over several GPUs the engine holds copies to overlap their work; a plan may turn that off to save them. */
function pipeline({ pipelineParallel, split }: Placement): ReactNode {
  if (pipelineParallel) return 'on'
  if (split.overrides.every(movesTensors)) return 'off'
  return (
    <span
      data-tip={`--override-tensor ${PIPELINE_OFF.pattern}=CPU matches no tensor; any override turns it off, which saves memory.`}
    >
      turned off
    </span>
  )
}

const perToken = (context: Bytes, tokens: number): string =>
  tokens > 0 ? `${groupThousands(bytes(Math.round(context / tokens)))} bytes a token on average` : ''

function Fact({ term, children }: { readonly term: string; readonly children: ReactNode }) {
  return (
    <div className="min-w-0">
      <dt className="text-xs text-tertiary">{term}</dt>
      <dd className="mt-0.5 font-medium tabular-nums">{children}</dd>
    </div>
  )
}
