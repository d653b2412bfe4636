import { readFileSync } from 'node:fs'

import type { Device, Machine } from '@berth/core'

import { explainInventoryIssue } from '../explain.ts'
import type { InventoryIssue } from '../issue.ts'
import type { InventoryOptions, InventoryReading } from '../read-inventory.ts'
import { readInventory } from '../read-inventory.ts'

export const fixture = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8')

export function readingOf(text: string, options?: InventoryOptions): InventoryReading {
  const result = readInventory(text, options)
  if (!result.ok) throw new Error(`refused: ${explainInventoryIssue(result.issue)}`)
  return result.value
}

export function machineOf(text: string, options?: InventoryOptions): Machine {
  const { machines } = readingOf(text, options)
  if (machines.length !== 1) throw new Error(`${machines.length} machines`)
  return machines[0]!
}

export const devicesOf = (text: string): readonly Device[] => machineOf(text).devices

export const warningCodes = (text: string): readonly string[] => readingOf(text).warnings.map((warning) => warning.code)

export function issueOf(text: string, options?: InventoryOptions): InventoryIssue {
  const result = readInventory(text, options)
  if (result.ok) throw new Error(`read: ${JSON.stringify(result.value.machines)}`)
  return result.issue
}

export const sentenceOf = (text: string): string => explainInventoryIssue(issueOf(text))
