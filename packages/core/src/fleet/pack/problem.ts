import type { MachineId } from '../../ids.ts'
import type { Device, Machine } from '../../machine/machine.ts'
import type { Tenant } from '../../placement/plan-input.ts'
import type { Placement } from '../../placement/verdict.ts'

/** pack: on as few machines, then GPUs, as can be. spread: replicas of a model on as many machines, evenly loaded. */
export const packPolicies = ['pack', 'spread'] as const
export type PackPolicy = (typeof packPolicies)[number]

/** A model that is to run so many times, each replica a process of its own. */
export interface PackDemand extends Tenant {
  readonly replicas: number
  /** The higher is served first: no replica of a lower one costs one of a higher. */
  readonly priority: number
  /** Machines that may hold it; all when absent. */
  readonly allowed?: ReadonlySet<MachineId>
  /** Whether a part of it may stay in host memory where the GPUs have no room. */
  readonly mayRelyOnHost: boolean
}

export interface PackProblem {
  readonly machines: readonly Machine[]
  readonly demands: readonly PackDemand[]
  readonly policy: PackPolicy
}

/** One replica where it lies. */
export interface PackedReplica {
  /** Position among the demands. */
  readonly demand: number
  /** Position among the machines. */
  readonly machine: number
  readonly placement: Placement
}

export const isAllowed = ({ allowed }: PackDemand, { id }: Machine): boolean => allowed === undefined || allowed.has(id)

/** The machine as it would be with nothing running on it and nothing promised. */
export function emptied(machine: Machine): Machine {
  const { hostMemoryUsed: _used, hostMemoryReserved: _reserved, hostMemoryReservedWhenRead: _read, ...rest } = machine
  return { ...rest, devices: machine.devices.map(emptiedDevice) }
}

function emptiedDevice(device: Device): Device {
  const { memoryUsed: _used, memoryReserved: _reserved, memoryReservedWhenRead: _read, ...rest } = device
  return rest
}

/** Positions of demands in the order they are served: by priority, then the largest model first, which has the least choice. */
export const servingOrder = (demands: readonly PackDemand[]): readonly number[] =>
  demands
    .map((_, at) => at)
    .toSorted((left, right) => {
      const [one, other] = [demands[left]!, demands[right]!]
      return other.priority - one.priority || other.model.weightBytes - one.model.weightBytes || left - right
    })

/** Each priority once, the highest first. */
export const prioritiesOf = (demands: readonly PackDemand[]): readonly number[] =>
  [...new Set(demands.map(({ priority }) => priority))].toSorted((left, right) => right - left)
