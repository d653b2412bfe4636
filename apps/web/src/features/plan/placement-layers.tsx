'use client'

import { type Machine, movesTensors, type Placement } from '@berth/core'
import { LayerStrip } from '@berth/ui/layer-strip'
import { layerHolders, placeName } from './verdict-view.ts'

export function PlacementLayers({ placement, machine }: { readonly placement: Placement; readonly machine: Machine }) {
  const { devices, expertsOnHost, overrides, tensor } = placement.split
  const moved = overrides.filter(movesTensors)
  const label = (index: number): string => {
    const device = devices[index]
    return device ? placeName({ kind: 'device', device: device.device }, machine) : 'GPU'
  }
  if (tensor) {
    return (
      <p className="text-sm">
        Every layer is cut over {devices.map((_, index) => label(index)).join(' : ')} as{' '}
        <span className="tabular-nums">{devices.map(({ layers }) => layers).join(' : ')}</span>.
      </p>
    )
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
