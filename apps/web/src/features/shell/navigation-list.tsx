'use client'

import { cn } from '@berth/ui/cn'
import Link from 'next/link'
import { usePathname } from 'next/navigation'
import { isCurrent, navigation } from './navigation.ts'

export function NavigationList({ onNavigate }: { readonly onNavigate?: () => void }) {
  const pathname = usePathname()
  return (
    <nav aria-label="Main">
      <ul className="grid gap-0.5">
        {navigation.map(({ label, href, icon: Icon }) => {
          const current = isCurrent(href, pathname)
          return (
            <li key={href}>
              <Link
                href={href}
                {...(onNavigate ? { onClick: onNavigate } : {})}
                {...(current ? { 'aria-current': 'page' as const } : {})}
                className={cn(
                  'flex h-8 items-center gap-2.5 rounded-md px-2.5 text-sm',
                  current ? 'bg-hover font-medium text-ink' : 'text-secondary hover:bg-hover hover:text-ink',
                )}
              >
                <Icon aria-hidden className="size-4 shrink-0" />
                {label}
              </Link>
            </li>
          )
        })}
      </ul>
    </nav>
  )
}
