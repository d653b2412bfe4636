'use client'

import { Button } from '@berth/ui/button'
import { Monitor, Moon, Sun } from 'lucide-react'
import { useTheme } from 'next-themes'
import { useSyncExternalStore } from 'react'

const themes = ['system', 'light', 'dark'] as const
type Theme = (typeof themes)[number]

const icons = { system: Monitor, light: Sun, dark: Moon } as const satisfies Record<Theme, typeof Sun>

const subscribe = () => () => {}

/** The server cannot know the choice, which lies in the browser: until then it is "system". */
const useInBrowser = (): boolean =>
  useSyncExternalStore(
    subscribe,
    () => true,
    () => false,
  )

/** Goes round system, light and dark. */
export function ThemeToggle() {
  const { theme, setTheme } = useTheme()
  const inBrowser = useInBrowser()
  const current = themes.find((name) => inBrowser && name === theme) ?? 'system'
  const next = themes[(themes.indexOf(current) + 1) % themes.length] ?? 'system'
  const Icon = icons[current]
  return (
    <Button
      variant="ghost"
      size="icon"
      aria-label={`Theme: ${current}. Switch to ${next}.`}
      data-tip={`Theme: ${current}`}
      onClick={() => setTheme(next)}
    >
      <Icon aria-hidden />
    </Button>
  )
}
