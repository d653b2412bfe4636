// @vitest-environment jsdom
import { bytes, gibibytes } from '@berth/core'
import { renderToStaticMarkup } from 'react-dom/server'
import { describe, expect, it } from 'vitest'
import { MemoryBar, type MemoryBarProps } from './memory-bar.tsx'

const gpu: MemoryBarProps = {
  label: 'GPU 0',
  capacity: gibibytes(24),
  scale: gibibytes(48),
  margin: gibibytes(1),
  segments: [
    { kind: 'model', bytes: gibibytes(18) },
    { kind: 'context', bytes: gibibytes(2) },
    { kind: 'compute', bytes: bytes(0) },
  ],
}

const render = (props: MemoryBarProps): HTMLElement => {
  const holder = document.createElement('div')
  holder.innerHTML = renderToStaticMarkup(<MemoryBar {...props} />)
  return holder
}

describe('MemoryBar', () => {
  it('says in its title what it shows', () => {
    expect(render(gpu).querySelector('title')?.textContent).toBe(
      'GPU 0: model 18.00 GiB, context 2.00 GiB, 4.00 GiB free of 24.00 GiB',
    )
  })

  it('says by how much a plan overflows', () => {
    const title = render({ ...gpu, segments: [{ kind: 'model', bytes: gibibytes(30) }] }).querySelector('title')
    expect(title?.textContent).toContain('6.00 GiB more than the 24.00 GiB it holds')
  })

  it('says what a need is in all where there is no place yet', () => {
    const { capacity: _, margin: __, ...need } = gpu
    const drawn = render({ ...need, scale: gibibytes(20) })
    expect(drawn.querySelector('title')?.textContent).toBe('GPU 0: model 18.00 GiB, context 2.00 GiB, 20.00 GiB in all')
    expect(drawn.querySelector('rect[rx]')?.getAttribute('width')).toBe('100%')
  })

  it('draws segments to the common scale and leaves out empty ones', () => {
    const drawn = [...render(gpu).querySelectorAll('svg > rect')].filter(
      (rect) => rect.getAttribute('stroke') === 'var(--track)',
    )
    expect(drawn.map((rect) => [rect.getAttribute('x'), rect.getAttribute('width')])).toEqual([
      ['0%', '37.5%'],
      ['37.5%', '4.1667%'],
    ])
  })

  it('ticks the limit, the capacity less the margin', () => {
    expect(render(gpu).querySelector('line')?.getAttribute('x1')).toBe('47.9167%')
    const { margin: _, ...without } = gpu
    expect(render(without).querySelector('line')).toBeNull()
  })

  it('outlines what is planned behind the segments, no further than the bar, and says that it holds nothing', () => {
    const outline = (planned: number) => {
      const drawn = render({ ...gpu, planned: gibibytes(planned) })
      const rect = drawn.querySelector('rect[stroke-dasharray]')
      return { drawn, at: rect && [rect.getAttribute('x'), rect.getAttribute('width'), rect.getAttribute('fill')] }
    }
    const { drawn, at } = outline(3)
    expect(at).toEqual(['41.6667%', '6.25%', expect.stringMatching(/-planned\)$/)])
    expect(drawn.querySelector('title')?.textContent).toBe(
      'GPU 0: model 18.00 GiB, context 2.00 GiB, 4.00 GiB free of 24.00 GiB, 3.00 GiB planned, which holds nothing',
    )
    expect(drawn.querySelector('[aria-label^="Planned"]')?.getAttribute('aria-label')).toBe('Planned: 3.00 GiB')
    expect(outline(30).at?.slice(0, 2)).toEqual(['41.6667%', '8.3333%'])
    expect(outline(0).at).toBeNull()
  })

  it('gives every segment a focusable label with its exact bytes', () => {
    const labels = [...render(gpu).querySelectorAll('[tabindex="0"]')]
    expect(labels.map((label) => label.getAttribute('aria-label'))).toEqual(['Model: 18.00 GiB', 'Context: 2.00 GiB'])
    expect(labels[0]?.getAttribute('data-tip')).toContain('19,327,352,832 bytes')
  })

  it('gives no two kinds the same marks, whatever their colours', () => {
    const patterns = [...render(gpu).querySelectorAll('pattern > g')].map((marks) => marks.innerHTML)
    expect(new Set(patterns).size).toBe(patterns.length)
  })
})
