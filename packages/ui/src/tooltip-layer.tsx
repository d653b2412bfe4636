'use client'

import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react'
import { placeBubble } from './geometry/bubble.ts'

const BUBBLE_ID = 'tooltip-bubble'

/** Time to travel from the element to its bubble, so that the text can be selected. */
const LEAVE_DELAY_MS = 120

/**
 * One bubble for every element with `data-tip` on the page: a table of thousands of figures costs no component each.
 * Shows on hover and on keyboard focus, stays while hovered itself, goes on Escape (WCAG 1.4.13).
 */
export function TooltipLayer() {
  const [anchor, setAnchor] = useState<HTMLElement | undefined>()
  const leaving = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  const show = useCallback((element: HTMLElement | undefined) => {
    clearTimeout(leaving.current)
    if (element) setAnchor(element)
    else leaving.current = setTimeout(() => setAnchor(undefined), LEAVE_DELAY_MS)
  }, [])
  useEffect(() => listen(show, () => setAnchor(undefined)), [show])
  return anchor ? <Bubble anchor={anchor} /> : null
}

function listen(show: (element: HTMLElement | undefined) => void, hide: () => void): () => void {
  const over = (event: Event) => {
    const target = event.target instanceof Element ? event.target : undefined
    if (target?.closest(`#${BUBBLE_ID}`)) return show(tipped(document.querySelector('[data-tip-open]')))
    show(tipped(target))
  }
  const focused = (event: Event) => {
    const target = event.target instanceof HTMLElement ? event.target : undefined
    show(target?.matches('[data-tip]:focus-visible') ? target : undefined)
  }
  const key = (event: KeyboardEvent) => event.key === 'Escape' && hide()
  document.addEventListener('pointerover', over)
  document.addEventListener('focusin', focused)
  document.addEventListener('focusout', hide)
  document.addEventListener('keydown', key)
  window.addEventListener('scroll', hide, { capture: true, passive: true })
  return () => {
    document.removeEventListener('pointerover', over)
    document.removeEventListener('focusin', focused)
    document.removeEventListener('focusout', hide)
    document.removeEventListener('keydown', key)
    window.removeEventListener('scroll', hide, { capture: true })
  }
}

const tipped = (element: Element | null | undefined): HTMLElement | undefined => {
  const found = element?.closest('[data-tip]')
  return found instanceof HTMLElement ? found : undefined
}

function Bubble({ anchor }: { readonly anchor: HTMLElement }) {
  const bubble = useRef<HTMLDivElement>(null)
  useLayoutEffect(() => {
    const element = bubble.current
    if (!element) return undefined
    const { left, top } = placeBubble({
      anchor: anchor.getBoundingClientRect(),
      bubble: element.getBoundingClientRect(),
      viewport: { width: document.documentElement.clientWidth, height: document.documentElement.clientHeight },
    })
    element.style.left = `${left}px`
    element.style.top = `${top}px`
    const before = anchor.getAttribute('aria-describedby')
    anchor.setAttribute('aria-describedby', BUBBLE_ID)
    anchor.setAttribute('data-tip-open', '')
    return () => {
      anchor.removeAttribute('data-tip-open')
      if (before === null) anchor.removeAttribute('aria-describedby')
      else anchor.setAttribute('aria-describedby', before)
    }
  }, [anchor])
  return (
    <div
      ref={bubble}
      id={BUBBLE_ID}
      role="tooltip"
      className="fixed left-0 top-0 z-50 w-max max-w-80 whitespace-pre-line rounded-md bg-strong px-2.5 py-1.5 text-xs text-inverse tabular-nums shadow-lg"
    >
      {anchor.dataset['tip']}
    </div>
  )
}
