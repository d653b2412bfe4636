import type { Machine } from '@berth/core'
import { BarLegend } from '@berth/ui/bar-legend'
import { ByteFigure } from '@berth/ui/byte-figure'
import { MemoryBar } from '@berth/ui/memory-bar'
import { commonScale } from '@berth/ui/segments'
import { deviceBar } from './machine-figures.ts'

/** One bar a GPU to a common scale: the driver's share, what others hold, what is free. */
export function GpuBars({ machine }: { readonly machine: Machine }) {
  const bars = machine.devices.map((device) => ({ device, bar: deviceBar(device) }))
  const scale = commonScale(bars.map(({ bar }) => bar))
  return (
    <div className="grid gap-4">
      <BarLegend kinds={['reserved', 'others']} />
      <ul className="grid gap-4">
        {bars.map(({ device, bar }) => (
          <li key={device.id} className="grid gap-1.5">
            <div className="flex flex-wrap items-baseline justify-between gap-x-4 text-xs">
              <p>
                <span className="font-medium">GPU {device.index}</span>{' '}
                <span className="text-secondary">{device.name}</span>
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
            />
          </li>
        ))}
      </ul>
    </div>
  )
}
