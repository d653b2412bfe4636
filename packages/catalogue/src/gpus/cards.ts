import { type Card, cardOf, type Machine } from '@berth/core'
import { deviceFromCatalogue } from './device.ts'
import { catalogueGpus } from './gpus.ts'
import type { CatalogueGpu } from './row.ts'

/** Sold on a board of their maker's only: on modules, by several, or in a cloud. Their names alone do not tell. */
const notSoldAsCards: ReadonlySet<string> = new Set([
  'Tesla K80',
  'Tesla M10',
  'NVIDIA A10G',
  'NVIDIA A16',
  'NVIDIA H20',
  'NVIDIA H100 80GB HBM3',
  'NVIDIA H800',
  'NVIDIA H200',
  'NVIDIA GH200 480GB',
  'NVIDIA B200',
  'NVIDIA GB200',
  'NVIDIA GB300',
  'AMD Instinct MI250',
  'AMD Instinct MI250X',
  'AMD Instinct MI300X',
  'AMD Instinct MI325X',
  'AMD Instinct MI350X',
  'AMD Instinct MI355X',
  'Intel(R) Data Center GPU Max 1550',
])

const MODULE = /\bSXM\d?\b/
const LAPTOP = / Laptop GPU$/
const AFTERMARKET = /\baftermarket\b/

/** Whether it is a card that one buys and puts into a slot. */
export const isCard = ({ name, unified, note }: CatalogueGpu): boolean =>
  !unified && !notSoldAsCards.has(name) && !MODULE.test(name) && !LAPTOP.test(name) && !AFTERMARKET.test(note ?? '')

export const cardFromCatalogue = (gpu: CatalogueGpu, machine: Pick<Machine, 'id'>): Card =>
  cardOf(deviceFromCatalogue(gpu, 0, machine.id), { kind: 'catalogue', gpu: gpu.id })

/** Every card that may be put into a machine. */
export const cardsToBuy = (machine: Pick<Machine, 'id'>): readonly Card[] =>
  catalogueGpus.filter(isCard).map((gpu) => cardFromCatalogue(gpu, machine))
