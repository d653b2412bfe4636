import { explainDeviceMemory, isCutIntoSlices, type Machine } from '@berth/core'
import { Badge } from '@berth/ui/badge'
import { BarLegend } from '@berth/ui/bar-legend'
import { ByteFigure } from '@berth/ui/byte-figure'
import { MemoryBar } from '@berth/ui/memory-bar'
import { commonScale } from '@berth/ui/segments'
import { deviceBar } from './machine-figures.ts'

/** One bar a GPU to a common scale: the driver's share, what others hold, what is free, what is kept back. */
export function GpuBars({ machine }: { readonly machine: Machine }) {
  const bars = machine.devices.map((device) => ({ device, bar: deviceBar(device) }))
  const scale = commonScale(bars.map(({ bar }) => bar))
  return (
    <div className="grid gap-4">
      <BarLegend
        kinds={['reserved', 'others']}
        margin={bars.some(({ bar }) => bar.margin !== undefined)}
        marginWords={{ label: 'Kept back by your team', hint: 'No plan goes beyond this tick.' }}
      />
      <ul className="grid gap-4">
        {bars.map(({ device, bar }) => (
          <li key={device.id} className="grid gap-1.5">
            <div className="flex flex-wrap items-baseline justify-between gap-x-4 text-xs">
              <p>
                <span className="font-medium">GPU {device.index}</span>{' '}
                <span className="text-secondary">{device.name}</span>{' '}
                {isCutIntoSlices(device, machine) && <Badge>not planned on</Badge>}
              </p>
              <p className="text-secondary">
                {device.memoryUsed === undefined ? (
                  'use not measured, '
                ) : (
                  <>
                    <ByteFigure bytes={device.memoryUsed} note="Held by other processes when last measured" /> used
                    of{' '}
                  </>
                )}
                <ByteFigure bytes={device.memoryTotal} note="What a plan may use when nobody else does" />
              </p>
            </div>
            <MemoryBar
              label={`GPU ${device.index}, ${device.name}`}
              segments={bar.segments}
              capacity={bar.capacity}
              scale={scale}
              {...(bar.margin !== undefined && { margin: bar.margin })}
            />
            {explainDeviceMemory(device, machine).map((note) => (
              <p key={note} className="text-xs text-secondary">
                {note}
              </p>
            ))}
          </li>
        ))}
      </ul>
    </div>
  )
}
