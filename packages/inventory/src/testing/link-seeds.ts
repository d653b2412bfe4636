/** How GPUs and hosts are linked, for `seeds.ts`. */

export const p2p = ` \t\u001b[4mGPU0\tGPU1\u001b[0m\t
 GPU0\tX\tCNS\t
 GPU1\tOK\tX\t

Legend:

  X    = Self
  OK   = Status Ok
  CNS  = Chipset not supported
`
export const speeds = `/sys/class/net/eno1/speed:1000
grep: /sys/class/net/lo/speed: Invalid argument
/sys/class/net/docker0/speed:-1
`
export const settings = `Settings for ens1f0np0:
\tSupported link modes:   25000baseCR/Full
\tSpeed: 25000Mb/s
\tLink detected: yes
netlink error: Operation not permitted
`
export const interfaces = `[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK","UP"],"operstate":"UNKNOWN","link_type":"loopback"},
 {"ifindex":2,"ifname":"eno1","flags":["BROADCAST","UP"],"operstate":"UP","link_type":"ether"},
 {"ifindex":3,"ifname":"bridge0","flags":[],"operstate":"DOWN","link_type":"ether","linkinfo":{"info_kind":"bridge"}}]
`
export const topo = `\t\u001b[4mGPU0\tGPU1\tNIC0\tCPU Affinity\tNUMA Affinity\u001b[0m
GPU0\t X \tNV4\tPIX\t0-31\tN/A
GPU1\tNV4\t X \tSYS\t0-31\tN/A
NIC0\tPIX\tSYS\t X \t\t

Legend:

  X    = Self
  NV#  = Connection traversing a bonded set of # NVLinks
`
export const nvlink = `GPU 0: NVIDIA GeForce RTX 3090 (UUID: GPU-7c1e0a52-4be1-4d3a-9f5b-11d2c0a9e301)
\t Link 0: 14.062 GB/s
\t Link 1: 14.062 GB/s
GPU 1: NVIDIA GeForce RTX 3090 (UUID: GPU-7c1e0a52-4be1-4d3a-9f5b-11d2c0a9e302)
\t Link 0: 14.062 GB/s
\t Link 1: <inactive>
`
