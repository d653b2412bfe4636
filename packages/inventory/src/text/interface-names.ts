/** What software makes, by the names it gives: containers, virtual machines, tunnels, and the loopback. */
const virtual =
  /^(?:lo|docker|podman|br-|veth|virbr|vmbr|vnet|cni|cbr|cali|flannel|cilium|lxc|lxd|tun|tap|wg|zt|tailscale|dummy|ifb|kube|nodelocaldns|vxlan|geneve|gre|sit|ip6tnl|fwbr|fwpr|fwln|ovs|azv)/

/** One word, as Linux allows it: no slash, no space; its limit is 15 characters, other systems' names are longer. */
export const interfaceName = String.raw`[^\s/:@]{1,64}`

export const isVirtualName = (name: string): boolean => virtual.test(name)
