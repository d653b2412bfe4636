/** AMD: LLVM targets as architecture, Infinity Fabric links of the whole card. Columns: see row.ts. */
export const amdRows = `
AMD Radeon Instinct MI25 |  16368 |  16 |    484 |   24.6v | 3x16 |    0 |  gfx900 |  300 | unconfirmed; radeon-instinct-mi25.c2983; vendor GB/s
AMD Instinct MI50        |  16368 |  16 |   1024 |   26.5v | 4x16 |  184 |  gfx906 |  300 | unconfirmed; radeon-instinct-mi50.c3335                     | rocm-smi may print "Instinct MI60 / MI50" or "AMD Radeon Graphics"
AMD Instinct MI50 32GB   |  32752 |  32 |   1024 |   26.5v | 4x16 |  184 |  gfx906 |  300 | observed; radeon-instinct-mi50.c3335
AMD Instinct MI60        |  32752 |  32 |   1024 |   29.5v | 4x16 |  184 |  gfx906 |  300 | unconfirmed; radeon-instinct-mi60.c3233
AMD Instinct MI100       |  32752 |  32 | 1228.8 |  184.6m | 4x16 |  276 |  gfx908 |  290 | unconfirmed; radeon-instinct-mi100.c3496
AMD Instinct MI210       |  65520 |  64 | 1638.4 |  181.0m | 4x16 |  300 |  gfx90a |  300 | unconfirmed; radeon-instinct-mi210.c3857
AMD Instinct MI250       |  65520 |  64 | 1638.4 |  181.0m | 4x16 |  400 |  gfx90a |  280 | unconfirmed; vendor                                         | per GCD (2 per OAM; OAM 560 W)
AMD Instinct MI250X      |  65520 |  64 | 1638.4 |  191.5m | 4x16 |  400 |  gfx90a |  280 | unconfirmed; vendor                                         | per GCD (2 per OAM)
AMD Instinct MI300A      |      - | 128 |   5300 |  980.6m | 5x16 |  768 |  gfx942 |  550 | varies; radeon-instinct-mi300a.c4296; vendor GB/s W fp16    | unified CPU+GPU memory; amd-smi may print 0 or N/A
AMD Instinct MI300X      | 196592 | 192 |   5300 | 1307.4m | 5x16 |  896 |  gfx942 |  750 | observed; radeon-instinct-mi300x.c4179; vendor GB/s fp16    | 206141652992 B; partition modes change the count (CPX: 8 devices of 24 GiB)
AMD Instinct MI325X      | 262128 | 256 |   6000 | 1307.4m | 5x16 |  896 |  gfx942 | 1000 | unconfirmed; radeon-instinct-mi325x.c4231; vendor GB/s fp16 | estimated from 256 GiB less 16 MiB
AMD Instinct MI350X      | 294896 | 288 |   8000 | 2309.6m | 5x16 | 1075 |  gfx950 | 1000 | observed; radeon-instinct-mi350x.c4308; vendor fp16
AMD Instinct MI355X      | 294896 | 288 |   8000 | 2516.6m | 5x16 | 1075 |  gfx950 | 1400 | observed; radeon-instinct-mi355x.c4309; vendor fp16
AMD Radeon Pro VII       |  16368 |  16 |   1024 |   26.1v | 4x16 |  168 |  gfx906 |  250 | observed; radeon-pro-vii.c3575
AMD Radeon RX 6600 XT    |   8176 |   8 |    256 |   21.2v |  4x8 |    0 | gfx1032 |  160 | unconfirmed; radeon-rx-6600-xt.c3774
AMD Radeon RX 6700 XT    |  12272 |  12 |    384 |   26.4v | 4x16 |    0 | gfx1031 |  230 | observed; radeon-rx-6700-xt.c3695
AMD Radeon RX 6800       |  16368 |  16 |    512 |   32.3v | 4x16 |    0 | gfx1030 |  250 | observed; radeon-rx-6800.c3713
AMD Radeon RX 6800 XT    |  16368 |  16 |    512 |   41.5v | 4x16 |    0 | gfx1030 |  300 | unconfirmed; radeon-rx-6800-xt.c3694
AMD Radeon RX 6900 XT    |  16368 |  16 |    512 |   46.1v | 4x16 |    0 | gfx1030 |  300 | unconfirmed; radeon-rx-6900-xt.c3481
AMD Radeon RX 6950 XT    |  16368 |  16 |    576 |   47.3v | 4x16 |    0 | gfx1030 |  335 | unconfirmed; radeon-rx-6950-xt.c3875
AMD Radeon PRO W6800     |  30704 |  32 |    512 |   35.7v | 4x16 |    0 | gfx1030 |  250 | unconfirmed; radeon-pro-w6800.c3809                         | ECC on; 32752 off
AMD Radeon RX 7600       |   8176 |   8 |    288 |   43.5m |  4x8 |    0 | gfx1102 |  165 | observed; radeon-rx-7600.c4153
AMD Radeon RX 7600 XT    |  16368 |  16 |    288 |   45.1m |  4x8 |    0 | gfx1102 |  190 | unconfirmed; radeon-rx-7600-xt.c4190
AMD Radeon RX 7700 XT    |  12272 |  12 |    432 |   70.3m | 4x16 |    0 | gfx1101 |  245 | unconfirmed; radeon-rx-7700-xt.c3911
AMD Radeon RX 7800 XT    |  16368 |  16 |  624.1 |   74.7m | 4x16 |    0 | gfx1101 |  263 | observed; radeon-rx-7800-xt.c3839
AMD Radeon RX 7900 GRE   |  16368 |  16 |    576 |   91.9m | 4x16 |    0 | gfx1100 |  260 | unconfirmed; radeon-rx-7900-gre.c4166
AMD Radeon RX 7900 XT    |  20464 |  20 |    800 |  103.2m | 4x16 |    0 | gfx1100 |  315 | unconfirmed; radeon-rx-7900-xt.c3912; vendor W
AMD Radeon RX 7900 XTX   |  24560 |  24 |    960 |  122.9m | 4x16 |    0 | gfx1100 |  355 | observed; radeon-rx-7900-xtx.c3941
AMD Radeon PRO W7800     |  32752 |  32 |    576 |   90.5m | 4x16 |    0 | gfx1100 |  260 | unconfirmed; radeon-pro-w7800.c4148
AMD Radeon PRO W7900     |  49136 |  48 |    864 |  122.6m | 4x16 |    0 | gfx1100 |  295 | unconfirmed; radeon-pro-w7900.c4147                         | ECC on: about 46064
AMD Radeon RX 9060 XT    |  16304 |  16 |    320 |    103m | 5x16 |    0 | gfx1200 |  160 | unconfirmed; radeon-rx-9060-xt-16-gb.c4293
AMD Radeon RX 9070       |  16304 |  16 |  644.6 |    145m | 5x16 |    0 | gfx1201 |  220 | unconfirmed; radeon-rx-9070.c4250
AMD Radeon RX 9070 XT    |  16304 |  16 |  644.6 |    195m | 5x16 |    0 | gfx1201 |  304 | unconfirmed; radeon-rx-9070-xt.c4229
AMD Radeon AI PRO R9700  |  32624 |  32 |  644.6 |    191m | 5x16 |    0 | gfx1201 |  300 | observed; radeon-ai-pro-r9700.c4290
AMD Radeon 8060S         |      - | 128 |    256 |   59.4m |    - |    0 | gfx1151 |  120 | varies; radeon-8060s.c4270; vendor GB/s W                   | Strix Halo APU: BIOS carve-out (0.5 to 96 GiB) plus GTT; rocm-smi name can be N/A
AMD Radeon 780M          |      - |  64 |   89.6 |   16.6m |    - |    0 | gfx1103 |   54 | varies; radeon-780m.c4249; vendor GB/s W fp16               | APU, shared memory
`
