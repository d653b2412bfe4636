/** Intel: names as SYCL and xpu-smi print them. Columns: see row.ts. */
export const intelRows = `
Intel(R) Arc(TM) A380 Graphics    |     - |   6 |    186 |    33m |  4x8 | 0 |  Xe-HPG ACM-G11 |  75 | varies; arc-a380.c3913
Intel(R) Arc(TM) A580 Graphics    |     - |   8 |    512 |  98.5m | 4x16 | 0 |  Xe-HPG ACM-G10 | 175 | varies; arc-a580.c3928
Intel(R) Arc(TM) A750 Graphics    |  7721 |   8 |    512 | 114.5m | 4x16 | 0 |  Xe-HPG ACM-G10 | 225 | unconfirmed; arc-a750.c3929; vendor fp16            | SYCL total 8096681984 B
Intel(R) Arc(TM) A770 Graphics    | 15473 |  16 |    560 |   131m | 4x16 | 0 |  Xe-HPG ACM-G10 | 225 | unconfirmed; arc-a770.c3914; vendor GB/s fp16       | SYCL total 16225243136 B
Intel(R) Arc(TM) Pro A60 Graphics |     - |  12 |    384 |      - | 4x16 | 0 |  Xe-HPG ACM-G12 | 130 | varies; arc-pro-a60.c4160
Intel(R) Arc(TM) B570 Graphics    |     - |  10 |    380 | 101.5m |  4x8 | 0 | Xe2-HPG BMG-G21 | 150 | varies; arc-b570.c4245; vendor fp16
Intel(R) Arc(TM) B580 Graphics    | 11605 |  12 |    456 | 116.5m |  4x8 | 0 | Xe2-HPG BMG-G21 | 190 | observed; arc-b580.c4244; vendor fp16               | 11.3 GiB free of 11.3 GiB (Level Zero); also "Intel(R) Arc(tm) B580 Graphics (BMG G21)" under Mesa Vulkan
Intel(R) Arc(TM) Pro B50 Graphics |     - |  16 |    224 |    85m |  5x8 | 0 | Xe2-HPG BMG-G21 |  70 | varies; arc-pro-b50.c4345
Intel(R) Arc(TM) Pro B60 Graphics | 24480 |  24 |    456 |  98.5m |  5x8 | 0 | Xe2-HPG BMG-G21 | 200 | observed; arc-pro-b60.c4350                         | xpu-smi physical 25669140480 B, free 25447600128 B; may print "Intel(R) Graphics [0xe211]"
Intel(R) Arc(TM) Pro B70 Graphics |     - |  32 |    608 | 183.5m | 5x16 | 0 | Xe2-HPG BMG-G31 | 230 | varies; vendor                                      | PCI id 0xe223; figures of the announcement, unchecked
Intel(R) Data Center GPU Flex 170 |     - |  16 |    576 |      - | 4x16 | 0 |  Xe-HPG ACM-G10 | 150 | varies; data-center-gpu-flex-170.c4071; vendor GB/s
Intel(R) Data Center GPU Max 1100 |     - |  48 | 1228.8 |      - | 5x16 | 0 |      Xe-HPC PVC | 300 | varies; data-center-gpu-max-1100.c4066
Intel(R) Data Center GPU Max 1550 |     - | 128 | 3276.8 |      - | 5x16 | 0 |      Xe-HPC PVC | 600 | varies; data-center-gpu-max-1550.c4068              | two tiles of 64 GB
`
