import type { Machine } from '../machine/machine.ts'
import { fastestInterface } from '../machine/network.ts'
import type { Span } from './efficiency.ts'
import type { LinkRates } from './link-rates.ts'

/** Where no tool tells: what every board has had for twenty years. */
const ASSUMED_BITS = 1e9
/** TCP of one connection, less the frames around it; the other host's interface may be the slower one. */
const REACHED: Span = { low: 0.5, high: 0.95 }
/** A request and its answer through one switch; llama.cpp waited for four of them a token until #12943. */
const REQUEST: Span = { low: 150e-6, high: 1e-3 }
/** What was sent anew with every pass until #15405: 1,080 nodes of 8 bytes and 1,400 tensors of 296, of an 8B model. */
const GRAPH_BYTES = 423_040

/**
 * Between this host and a device that an RPC server offers. This host's fastest interface is taken for the way; two
 * servers have no way of their own, so that what one sends the other comes here and leaves again.
 */
export function networkLink(machine: Machine, { relayed }: { readonly relayed: boolean }): LinkRates {
  const fastest = fastestInterface(machine)
  const perSecond = (fastest?.bitsPerSecond ?? ASSUMED_BITS) / 8
  const relays = relayed ? 2 : 1
  return {
    peak: { perSecond, from: fastest ? 'typed' : 'assumed' },
    kind: fastest ? `the network (${fastest.name})` : 'the network',
    // Two devices of one server need no relay, and nobody tells whether they are.
    reached: { low: (perSecond * REACHED.low) / relays, high: perSecond * REACHED.high },
    trip: { low: REQUEST.low, high: (REQUEST.high + GRAPH_BYTES / perSecond) * relays },
  }
}
