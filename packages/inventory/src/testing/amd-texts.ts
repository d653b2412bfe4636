/** What AMD's tools print, for tests that change it. */
export const amdText = `GPU: 0
    ASIC:
        MARKET_NAME: AMD Instinct MI300X
    BUS:
        BDF: 0000:05:00.0
    VRAM:
        SIZE: 196592 MB
`

export const amdMetric = `[
  {"gpu": 0, "pcie": {"width": 16, "speed": {"value": 32, "unit": "GT/s"}},
   "mem_usage": {"total_vram": {"value": 196592, "unit": "MB"}, "used_vram": {"value": 283, "unit": "MB"}}}
]
`
export const amdMetricText = `GPU: 0
    PCIE:
        WIDTH: 16
    MEM_USAGE:
        TOTAL_VRAM: 196592 MB
        USED_VRAM: 283 MB
`
export const amdLinks = `[{"gpu": 0, "bdf": "0000:05:00.0", "links": [{"gpu": 1, "bdf": "0000:26:00.0", "link_type": "XGMI",
   "num_hops": 1, "bandwidth": "50000-100000"}]}, {"gpu": 1, "bdf": "0000:26:00.0", "links": []}]
`
export const amdTables = `HOPS TABLE:
             0000:05:00.0 0000:26:00.0
0000:05:00.0 0            2
0000:26:00.0 2            0
LINK TYPE TABLE:
             0000:05:00.0 0000:26:00.0
0000:05:00.0 SELF         PCIE
0000:26:00.0 PCIE         SELF
`
export const rocmText = `================== ROCm System Management Interface ==================
GPU[0]\t\t: Card Series: \t\tAMD Instinct MI210
GPU[0]\t\t: PCI Bus: 0000:2F:00.0
GPU[0]\t\t: VRAM Total Memory (B): 68702699520
GPU[1]\t\t: Card Series: \t\tAMD Instinct MI210
GPU[1]\t\t: PCI Bus: 0000:3F:00.0
===================== Link Type between two GPUs =====================
       GPU0         GPU1
GPU0   0            XGMI
GPU1   XGMI         0
`
export const rocmCsv = `device,VRAM Total Memory (B),VRAM Total Used Memory (B),Card Series,GFX Version
card0,21458059264,27856896,Radeon RX 7900 XT,gfx1100
`
