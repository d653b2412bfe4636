import { useSyncExternalStore } from 'react'

/** Tailwind's `sm`: below it there is room for one column of figures, or two. */
const NARROW = '(width < 40rem)'

const subscribe = (onChange: () => void): (() => void) => {
  const query = window.matchMedia(NARROW)
  query.addEventListener('change', onChange)
  return () => query.removeEventListener('change', onChange)
}

/** Whether the screen is a phone's; for what is reckoned in pixels, where a class of CSS cannot say it. */
export const useNarrow = (): boolean =>
  useSyncExternalStore(
    subscribe,
    () => window.matchMedia(NARROW).matches,
    () => false,
  )
