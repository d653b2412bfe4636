// @vitest-environment jsdom
import { gibibytes } from '@berth/core'
import { act } from 'react'
import { createRoot, type Root } from 'react-dom/client'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { FitMatrix, type FitMatrixProps } from './fit-matrix.tsx'
import type { FitColumn, FitRow } from './fit-matrix-parts.ts'

const rows: readonly FitRow[] = Array.from({ length: 200 }, (_, at) => ({
  id: `file-${at}`,
  name: `File ${at}`,
  detail: '4 GiB',
  hosted: 'on 3 of 500',
  level: 1,
  ...(at === 0 && { open: false }),
}))
const columns: readonly FitColumn[] = Array.from({ length: 500 }, (_, at) => ({
  id: `machine-${at}`,
  name: `lab-${at}`,
  detail: '2 × RTX 3090',
  hosted: '7 of 200',
  ...(at === 1 && { several: { count: 12, open: false } }),
}))

let root: Root
let holder: HTMLElement

beforeEach(() => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true)
  vi.stubGlobal('matchMedia', () => ({ matches: false, addEventListener: () => {}, removeEventListener: () => {} }))
  // jsdom lays nothing out, and a matrix without room draws nothing.
  vi.spyOn(HTMLElement.prototype, 'clientWidth', 'get').mockReturnValue(1000)
  vi.spyOn(HTMLElement.prototype, 'clientHeight', 'get').mockReturnValue(600)
  vi.spyOn(HTMLElement.prototype, 'scrollWidth', 'get').mockReturnValue(50_000)
  vi.spyOn(HTMLElement.prototype, 'scrollHeight', 'get').mockReturnValue(10_000)
  HTMLElement.prototype.scrollTo = function scrollTo(options?: unknown) {
    const { left = this.scrollLeft, top = this.scrollTop } = options as ScrollToOptions
    Object.assign(this, { scrollLeft: left, scrollTop: top })
    this.dispatchEvent(new Event('scroll'))
  }
  holder = document.createElement('div')
  document.body.append(holder)
  root = createRoot(holder)
})
afterEach(() => {
  act(() => root.unmount())
  holder.remove()
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

function draw(change: Partial<FitMatrixProps> = {}): FitMatrixProps {
  const props: FitMatrixProps = {
    label: 'Models by machines',
    corner: 'GiB to spare',
    rows,
    columns,
    cellOf: () => ({ kind: 'fits', headroom: gibibytes(3.1), certain: false, file: 'Q4_K_M' }),
    behind: false,
    chosen: undefined,
    onCell: vi.fn(),
    onRow: vi.fn(),
    onColumn: vi.fn(),
    onView: vi.fn(),
    ...change,
  }
  act(() => root.render(<FitMatrix {...props} />))
  return props
}

const press = (key: string, ctrlKey = false): void => {
  const target = document.activeElement ?? holder
  act(() => void target.dispatchEvent(new KeyboardEvent('keydown', { key, ctrlKey, bubbles: true })))
}
const cell = (at: string): HTMLElement => holder.querySelector<HTMLElement>(`[data-at="${at}"]`)!
const focused = (): string | undefined => (document.activeElement as HTMLElement).dataset['at']

describe('FitMatrix', () => {
  it('draws of a hundred thousand cells those in view, and says how many there are', () => {
    draw()
    const drawn = holder.querySelectorAll('[role="gridcell"]').length
    expect(drawn).toBeGreaterThan(50)
    expect(drawn).toBeLessThan(400)
    const grid = holder.querySelector('[role="grid"]')!
    expect(grid.getAttribute('aria-rowcount')).toBe('201')
    expect(grid.getAttribute('aria-colcount')).toBe('501')
  })

  it('says a cell in words, and its headings open', () => {
    draw()
    expect(cell('0:0').getAttribute('aria-label')).toBe('Fits: Q4_K_M, about 3.10 GiB to spare')
    expect(cell('0:0').textContent).toBe('≈+3.1Q4_K_M')
    expect(cell('0:-1').getAttribute('aria-expanded')).toBe('false')
    expect(cell('-1:1').getAttribute('aria-expanded')).toBe('false')
    expect(cell('-1:0').hasAttribute('aria-expanded')).toBe(false)
  })

  it('has one stop for the tab key, which the arrows move, over what is not drawn yet too', () => {
    draw()
    const stops = () => [...holder.querySelectorAll<HTMLElement>('[tabindex="0"]')].map((one) => one.dataset['at'])
    expect(stops()).toEqual(['0:0'])
    act(() => cell('0:0').focus())
    press('ArrowRight')
    expect(focused()).toBe('0:1')
    press('ArrowDown')
    expect(focused()).toBe('1:1')
    expect(stops()).toEqual(['1:1'])
    press('End', true)
    expect(focused()).toBe('199:499')
    expect(stops()).toEqual(['199:499'])
  })

  it('opens a cell, a model and several machines by key and by click', () => {
    const { onCell, onRow, onColumn } = draw()
    act(() => cell('2:3').focus())
    press('Enter')
    expect(onCell).toHaveBeenLastCalledWith(rows[2], columns[3])
    act(() => cell('4:5').click())
    expect(onCell).toHaveBeenLastCalledWith(rows[4], columns[5])
    act(() => cell('0:-1').click())
    expect(onRow).toHaveBeenCalledWith(rows[0])
    act(() => cell('-1:1').focus())
    press(' ')
    expect(onColumn).toHaveBeenCalledWith(columns[1])
  })

  it('tells what is in view once', () => {
    const { onView } = draw()
    const calls = vi.mocked(onView).mock.calls.length
    draw({ onView })
    expect(vi.mocked(onView).mock.calls).toHaveLength(calls)
    const [seenRows, seenColumns] = vi.mocked(onView).mock.lastCall!
    expect(seenRows[0]).toBe(rows[0])
    expect(seenColumns.length).toBeLessThan(20)
  })
})
