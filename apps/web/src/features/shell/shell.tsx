import { TooltipLayer } from '@berth/ui/tooltip-layer'
import Link from 'next/link'
import type { ReactNode } from 'react'
import { paths } from '../../paths.ts'
import { MenuButton } from './menu-button.tsx'
import { NavigationList } from './navigation-list.tsx'
import { ThemeToggle } from './theme-toggle.tsx'

/** The frame of every page: the nouns on the left, or behind a button on a narrow screen. */
export function Shell({ children }: { readonly children: ReactNode }) {
  return (
    <div className="min-h-dvh lg:grid lg:grid-cols-[13.5rem_minmax(0,1fr)]">
      <a
        href="#content"
        className="sr-only z-50 rounded-md bg-strong px-3 py-2 text-sm text-inverse focus:not-sr-only focus:fixed focus:left-3 focus:top-3"
      >
        Skip to content
      </a>
      <header className="sticky top-0 z-30 flex h-13 items-center justify-between border-b border-line bg-surface px-3 lg:hidden">
        <div className="flex items-center gap-1">
          <MenuButton />
          <Brand />
        </div>
        <ThemeToggle />
      </header>
      <aside className="sticky top-0 hidden h-dvh flex-col border-r border-line bg-surface lg:flex">
        <div className="px-4 pb-3 pt-4">
          <Brand />
        </div>
        <div className="flex-1 overflow-y-auto px-2.5">
          <NavigationList />
        </div>
        <div className="flex items-center justify-between border-t border-line px-4 py-2.5">
          <a href="/api/openapi.json" className="text-xs text-tertiary hover:text-ink hover:underline">
            API
          </a>
          <ThemeToggle />
        </div>
      </aside>
      <main id="content" tabIndex={-1} className="min-w-0 outline-none">
        {children}
        <TooltipLayer />
      </main>
    </div>
  )
}

function Brand() {
  return (
    <Link href={paths.overview()} className="flex items-center gap-2 rounded-sm font-semibold tracking-tight">
      <svg aria-hidden viewBox="0 0 24 24" className="size-6">
        <rect x="2" y="3" width="20" height="5" rx="1.5" fill="var(--segment-model)" />
        <rect x="2" y="10" width="13" height="5" rx="1.5" fill="var(--segment-context)" />
        <rect x="2" y="17" width="7" height="4" rx="1.5" fill="var(--segment-compute)" />
      </svg>
      Berth
    </Link>
  )
}
