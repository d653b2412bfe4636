// @vitest-environment jsdom
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import type { LayerHolder } from './geometry/layer-runs.ts'
import { LayerStrip } from './layer-strip.tsx'

const render = (layers: readonly LayerHolder[], expertsOnHost = 0): HTMLElement => {
  const holder = document.createElement('div')
  holder.innerHTML = renderToStaticMarkup(
    <LayerStrip layers={layers} deviceLabel={(device) => `CUDA${device}`} expertsOnHost={expertsOnHost} />,
  )
  return holder
}

const strip: readonly LayerHolder[] = ['host', 0, 0, 0, 1, 1]

describe('LayerStrip', () => {
  it('names every boundary in words', () => {
    expect([...render(strip).querySelectorAll('li')].map((item) => item.textContent)).toEqual([
      'Host memoryblock 0',
      'CUDA0blocks 1–3',
      'CUDA1block 4 + output',
    ])
  })

  it('says the same in its title', () => {
    expect(render(strip).querySelector('title')?.textContent).toBe(
      'Layers in order. Host memory: block 0; CUDA0: blocks 1–3; CUDA1: block 4 + output',
    )
  })

  it('draws one cell edge a layer, thick at boundaries', () => {
    const edges = [...render(strip).querySelectorAll('line')].map((line) => line.getAttribute('stroke-width'))
    expect(edges).toEqual(['3', '3', '1', '1', '3', '1'])
  })

  it('marks experts in host memory only where there are some', () => {
    expect(render(strip).textContent).not.toContain('experts')
    expect(render(strip, 2).textContent).toContain('the experts of the first 2 blocks stay in host memory')
  })
})
