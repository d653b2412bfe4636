import { clsx, type ClassValue } from 'clsx'
import { twMerge } from 'tailwind-merge'

/** Joins class names; of two Tailwind classes that say the same thing, the later one stays. */
export const cn = (...classes: readonly ClassValue[]): string => twMerge(clsx(classes))
