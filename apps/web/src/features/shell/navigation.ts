import {
  Anchor,
  Blocks,
  Bookmark,
  Box,
  CalendarRange,
  Cpu,
  Gauge,
  Grid3x3,
  History,
  Library,
  LayoutDashboard,
  type LucideIcon,
  Server,
  Settings,
} from 'lucide-react'
import { paths } from '../../paths.ts'

export interface NavigationItem {
  readonly label: string
  readonly href: string
  readonly icon: LucideIcon
}

/** The nouns of the product, in the order a newcomer needs them. */
export const navigation: readonly NavigationItem[] = [
  { label: 'Overview', href: paths.overview(), icon: LayoutDashboard },
  { label: 'Machines', href: paths.machines(), icon: Server },
  { label: 'Models', href: paths.models(), icon: Box },
  { label: 'Fleet matrix', href: paths.fleet(), icon: Grid3x3 },
  { label: 'Plan', href: paths.plan(), icon: Anchor },
  { label: 'Packing', href: paths.packing(), icon: Blocks },
  { label: 'Capacity', href: paths.capacity(), icon: Gauge },
  { label: 'Saved plans', href: paths.plans(), icon: Bookmark },
  { label: 'Reservations', href: paths.reservations(), icon: CalendarRange },
  { label: 'Engines', href: paths.engines(), icon: Cpu },
  { label: 'Catalogue', href: paths.catalogue(), icon: Library },
  { label: 'History', href: paths.history(), icon: History },
  { label: 'Settings', href: paths.settings(), icon: Settings },
]

/** Whether a page belongs to a noun: `/machines/7` does to `/machines`, `/plans` does not to `/plan`. */
export const isCurrent = (href: string, pathname: string): boolean =>
  href === '/' ? pathname === '/' : pathname === href || pathname.startsWith(`${href}/`)
