// @vitest-environment jsdom
import { act } from 'react'
import { createRoot } from 'react-dom/client'
import { describe, expect, it, vi } from 'vitest'
import { LayerBoundaries } from './layer-boundaries.tsx'

vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)

function show(counts: readonly number[]) {
  const holder = document.createElement('div')
  const onMove = vi.fn<(boundary: number, to: number) => void>()
  const nameOf = (at: number) => (at === 0 ? 'Host memory' : `GPU ${at - 1}`)
  act(() => createRoot(holder).render(<LayerBoundaries counts={counts} nameOf={nameOf} onMove={onMove} />))
  return { handles: [...holder.querySelectorAll<HTMLElement>('[role=separator]')], onMove }
}

describe('LayerBoundaries', () => {
  it('says where each boundary is, and what lies beside it', () => {
    const { handles } = show([2, 40, 39])
    const said = ['aria-label', 'aria-valuenow', 'aria-valuemin', 'aria-valuemax', 'aria-valuetext']
    expect(handles.map((handle) => said.map((name) => handle.getAttribute(name)))).toEqual([
      ['Boundary between Host memory and GPU 0', '2', '0', '81', 'Host memory: 2 layers, GPU 0: 40 layers'],
      ['Boundary between GPU 0 and GPU 1', '42', '0', '81', 'GPU 0: 40 layers, GPU 1: 39 layers'],
    ])
    expect(handles.every(({ tabIndex }) => tabIndex === 0)).toBe(true)
  })

  it.each([
    ['ArrowLeft', 41],
    ['ArrowRight', 43],
    ['ArrowDown', 41],
    ['ArrowUp', 43],
    ['PageUp', 50],
    ['PageDown', 34],
    ['Home', 0],
    ['End', 81],
  ])('%s moves it to %i', (key, to) => {
    const { handles, onMove } = show([2, 40, 39])
    act(() => void handles[1]!.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })))
    expect(onMove.mock.calls).toEqual([[1, to]])
  })

  it('leaves other keys to the page', () => {
    const { handles, onMove } = show([2, 40, 39])
    const event = new KeyboardEvent('keydown', { key: 'Tab', bubbles: true, cancelable: true })
    act(() => void handles[0]!.dispatchEvent(event))
    expect(event.defaultPrevented).toBe(false)
    expect(onMove).not.toHaveBeenCalled()
  })

  it('puts on top what can be moved where boundaries meet', () => {
    const atEnd = show([0, 81, 0, 0]).handles.map(({ style }) => Number(style.zIndex))
    expect(atEnd[1]).toBeGreaterThan(atEnd[2]!)
    const atStart = show([0, 0, 81]).handles.map(({ style }) => Number(style.zIndex))
    expect(atStart[1]).toBeGreaterThan(atStart[0]!)
  })
})
