/** Apple silicon: the memory sizes it was sold with. Largest GPU of each chip; smaller bins are slower. Columns: see row.ts. */
export const appleRows = `
Apple M1       | - |            8/16 |  68.3 |  2.6v | - | 0 | - |  20 | varies; vendor
Apple M1 Pro   | - |           16/32 | 204.8 |  5.3v | - | 0 | - |  35 | varies; vendor | 32 GB machine: Metal budget 21845 MiB (2/3 of RAM)
Apple M1 Max   | - |           32/64 | 409.6 | 10.6v | - | 0 | - |  60 | varies; vendor
Apple M1 Ultra | - |          64/128 | 819.2 | 21.2v | - | 0 | - | 110 | varies; vendor | 48-core 15.9 TFLOPS
Apple M2       | - |         8/16/24 | 102.4 |  3.6v | - | 0 | - |  20 | varies; vendor | 24 GB machine: budget 16384 MiB
Apple M2 Pro   | - |           16/32 | 204.8 |  6.8v | - | 0 | - |  40 | varies; vendor
Apple M2 Max   | - |        32/64/96 | 409.6 | 13.6v | - | 0 | - |  80 | varies; vendor
Apple M2 Ultra | - |      64/128/192 | 819.2 | 27.2v | - | 0 | - | 150 | varies; vendor | 192 GB machine: budget 147456 MiB at 75 %
Apple M3       | - |         8/16/24 | 102.4 |  3.5v | - | 0 | - |  22 | varies; vendor
Apple M3 Pro   | - |           18/36 | 153.6 |  6.4v | - | 0 | - |  40 | varies; vendor
Apple M3 Max   | - | 36/48/64/96/128 | 409.6 | 14.1v | - | 0 | - |  80 | varies; vendor | 30-core bin: 307.2 GB/s
Apple M3 Ultra | - |      96/256/512 | 819.2 | 28.2v | - | 0 | - | 180 | varies; vendor
Apple M4       | - |        16/24/32 | 120.0 |  4.3v | - | 0 | - |  25 | varies; vendor
Apple M4 Pro   | - |        24/48/64 | 273.0 |  9.2v | - | 0 | - |  50 | varies; vendor
Apple M4 Max   | - |    36/48/64/128 | 546.0 | 18.4v | - | 0 | - |  90 | varies; vendor | 128 GB machine: Metal budget 110100 MiB; 32-core bin: 410 GB/s
Apple M5       | - |        16/24/32 | 153.6 |     - | - | 0 | - |  25 | varies; vendor | GPU neural accelerators
Apple M5 Pro   | - |        24/48/64 | 307.0 |     - | - | 0 | - |  50 | varies; vendor | GPU neural accelerators
Apple M5 Max   | - |    36/48/64/128 | 614.0 |     - | - | 0 | - |  90 | varies; vendor | 32-core bin: 460 GB/s; GPU neural accelerators
`

/** Chips sold with fewer GPU cores and a narrower memory bus under the same name: GB/s by name and cores. */
export const appleBins: ReadonlyMap<string, number> = new Map([
  ['Apple M3 Max 30', 307.2],
  ['Apple M4 Max 32', 410],
  ['Apple M5 Max 32', 460],
])
