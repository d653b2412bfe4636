'use client'

import { type Machine, movesTensors, type Placement } from '@berth/core'
import { LayerStrip } from '@berth/ui/layer-strip'
import { layerHolders, placeName } from './verdict-view.ts'

export function PlacementLayers({ placement, machine }: { readonly placement: Placement; readonly machine: Machine }) {
  const { devices, expertsOnHost, overrides } = placement.split
  const moved = overrides.filter(movesTensors)
  const label = (index: number): string => {
    const device = devices[index]
    return device ? placeName({ kind: 'device', device: device.device }, machine) : 'GPU'
  }
  return (
    <div className="grid gap-2">
      <LayerStrip layers={layerHolders(placement)} deviceLabel={label} expertsOnHost={expertsOnHost} />
      {moved.length > 0 && (
        <p className="text-xs text-secondary">
          Moved one by one:{' '}
          {moved.map(({ pattern }) => (
            <code key={pattern} className="mr-2 font-mono">
              {pattern}
            </code>
          ))}
        </p>
      )}
    </div>
  )
}
