/** NVIDIA: names as nvidia-smi prints them, compute capability as architecture, NVLink of the whole card. Columns: see row.ts. */
export const nvidiaRows = `
NVIDIA GeForce GTX 1050 Ti                              |   4096 |   4 |  112.1 |      - | 3x16 |     0 |  6.1 |   75 | unconfirmed; geforce-gtx-1050-ti.c2885
NVIDIA GeForce GTX 1060 6GB                             |   6144 |   6 |  192.2 |      - | 3x16 |     0 |  6.1 |  120 | unconfirmed; geforce-gtx-1060-6-gb.c2862
NVIDIA GeForce GTX 1070                                 |   8192 |   8 |  256.3 |      - | 3x16 |     0 |  6.1 |  150 | unconfirmed; geforce-gtx-1070.c2840
NVIDIA GeForce GTX 1070 Ti                              |   8192 |   8 |  256.3 |      - | 3x16 |     0 |  6.1 |  180 | unconfirmed; geforce-gtx-1070-ti.c3010
NVIDIA GeForce GTX 1080                                 |   8192 |   8 |  320.3 |      - | 3x16 |     0 |  6.1 |  180 | unconfirmed; geforce-gtx-1080.c2839
NVIDIA GeForce GTX 1080 Ti                              |  11264 |  11 |  484.4 |      - | 3x16 |     0 |  6.1 |  250 | unconfirmed; geforce-gtx-1080-ti.c2877
NVIDIA TITAN Xp                                         |  12288 |  12 |  547.6 |      - | 3x16 |     0 |  6.1 |  250 | unconfirmed; titan-xp.c2948
NVIDIA TITAN V                                          |  12288 |  12 |  651.3 |   110m | 3x16 |     0 |  7.0 |  250 | observed; titan-v.c3051; vendor fp16
NVIDIA GeForce GTX 1660 Ti                              |   6144 |   6 |  288.0 |  10.9v | 3x16 |     0 |  7.5 |  120 | unconfirmed; geforce-gtx-1660-ti.c3364
NVIDIA GeForce RTX 2060                                 |   6144 |   6 |  336.0 |  25.8m | 3x16 |     0 |  7.5 |  160 | unconfirmed; geforce-rtx-2060.c3310
NVIDIA GeForce RTX 2060 SUPER                           |   8192 |   8 |  448.0 |  28.7m | 3x16 |     0 |  7.5 |  175 | unconfirmed; geforce-rtx-2060-super.c3441
NVIDIA GeForce RTX 2070                                 |   8192 |   8 |  448.0 |  29.9m | 3x16 |     0 |  7.5 |  175 | unconfirmed; geforce-rtx-2070.c3252
NVIDIA GeForce RTX 2070 SUPER                           |   8192 |   8 |  448.0 |  36.3m | 3x16 |    50 |  7.5 |  215 | unconfirmed; geforce-rtx-2070-super.c3440
NVIDIA GeForce RTX 2080                                 |   8192 |   8 |  448.0 |  40.3m | 3x16 |    50 |  7.5 |  215 | observed; geforce-rtx-2080.c3224
NVIDIA GeForce RTX 2080 SUPER                           |   8192 |   8 |  495.9 |  44.6m | 3x16 |    50 |  7.5 |  250 | observed; geforce-rtx-2080-super.c3439
NVIDIA GeForce RTX 2080 Ti                              |  11264 |  11 |  616.0 |  53.8m | 3x16 |   100 |  7.5 |  250 | unconfirmed; geforce-rtx-2080-ti.c3305
NVIDIA TITAN RTX                                        |  24576 |  24 |  672.0 | 130.5m | 3x16 |   100 |  7.5 |  280 | unconfirmed; titan-rtx.c3311
NVIDIA GeForce RTX 3050                                 |   8192 |   8 |  224.0 |  18.2m |  4x8 |     0 |  8.6 |  130 | unconfirmed; geforce-rtx-3050-8-gb.c3858
NVIDIA GeForce RTX 3060                                 |  12288 |  12 |  360.0 |  25.5m | 4x16 |     0 |  8.6 |  170 | observed; geforce-rtx-3060-12-gb.c3682
NVIDIA GeForce RTX 3060 Ti                              |   8192 |   8 |  448.0 |  32.4m | 4x16 |     0 |  8.6 |  200 | unconfirmed; geforce-rtx-3060-ti.c3681
NVIDIA GeForce RTX 3070                                 |   8192 |   8 |  448.0 |  40.6m | 4x16 |     0 |  8.6 |  220 | unconfirmed; geforce-rtx-3070.c3674
NVIDIA GeForce RTX 3070 Ti                              |   8192 |   8 |  608.3 |  43.5m | 4x16 |     0 |  8.6 |  290 | unconfirmed; geforce-rtx-3070-ti.c3675
NVIDIA GeForce RTX 3080                                 |  10240 |  10 |  760.3 |  59.5m | 4x16 |     0 |  8.6 |  320 | observed; geforce-rtx-3080.c3621                                | two memory sizes under one name: memory must decide
NVIDIA GeForce RTX 3080                                 |  12288 |  12 |  912.4 |  61.3m | 4x16 |     0 |  8.6 |  350 | unconfirmed; geforce-rtx-3080-12-gb.c3834                       | two memory sizes under one name: memory must decide
NVIDIA GeForce RTX 3080 Ti                              |  12288 |  12 |  912.4 |  68.2m | 4x16 |     0 |  8.6 |  350 | unconfirmed; geforce-rtx-3080-ti.c3735
NVIDIA GeForce RTX 3090                                 |  24576 |  24 |  936.2 |  71.0m | 4x16 | 112.5 |  8.6 |  350 | observed; geforce-rtx-3090.c3622
NVIDIA GeForce RTX 3090 Ti                              |  24564 |  24 | 1008.4 |  80.0m | 4x16 | 112.5 |  8.6 |  450 | unconfirmed; geforce-rtx-3090-ti.c3829
NVIDIA GeForce RTX 3060 Laptop GPU                      |   6144 |   6 |  336.0 |  21.9m | 4x16 |     0 |  8.6 |  115 | unconfirmed; geforce-rtx-3060-mobile.c3757; vendor W            | power and clocks vary by laptop
NVIDIA GeForce RTX 3080 Laptop GPU                      |  16384 |  16 |  448.0 |  37.9m | 4x16 |     0 |  8.6 |  150 | unconfirmed; vendor                                             | power and clocks vary by laptop
NVIDIA GeForce RTX 4060                                 |   8188 |   8 |  272.0 |  30.2m |  4x8 |     0 |  8.9 |  115 | unconfirmed; geforce-rtx-4060.c4107
NVIDIA GeForce RTX 4060 Ti                              |   8188 |   8 |  288.0 |  44.1m |  4x8 |     0 |  8.9 |  160 | unconfirmed; geforce-rtx-4060-ti-8-gb.c3890
NVIDIA GeForce RTX 4060 Ti                              |  16380 |  16 |  288.0 |  44.1m |  4x8 |     0 |  8.9 |  165 | unconfirmed; geforce-rtx-4060-ti-16-gb.c4155
NVIDIA GeForce RTX 4070                                 |  12282 |  12 |  504.2 |  58.3m | 4x16 |     0 |  8.9 |  200 | unconfirmed; geforce-rtx-4070.c3924
NVIDIA GeForce RTX 4070 SUPER                           |  12282 |  12 |  504.2 |  71.0m | 4x16 |     0 |  8.9 |  220 | unconfirmed; geforce-rtx-4070-super.c4186
NVIDIA GeForce RTX 4070 Ti                              |  12282 |  12 |  504.2 |  80.2m | 4x16 |     0 |  8.9 |  285 | unconfirmed; geforce-rtx-4070-ti.c3950
NVIDIA GeForce RTX 4070 Ti SUPER                        |  16376 |  16 |  672.3 |  88.2m | 4x16 |     0 |  8.9 |  285 | unconfirmed; geforce-rtx-4070-ti-super.c4187
NVIDIA GeForce RTX 4080                                 |  16376 |  16 |  716.8 |  97.5m | 4x16 |     0 |  8.9 |  320 | unconfirmed; geforce-rtx-4080.c3888
NVIDIA GeForce RTX 4080 SUPER                           |  16376 |  16 |  736.3 | 104.4m | 4x16 |     0 |  8.9 |  320 | observed; geforce-rtx-4080-super.c4182
NVIDIA GeForce RTX 4090                                 |  24564 |  24 | 1008.4 | 165.2m | 4x16 |     0 |  8.9 |  450 | observed; geforce-rtx-4090.c3889
NVIDIA GeForce RTX 4090 D                               |  24564 |  24 | 1008.4 | 147.1m | 4x16 |     0 |  8.9 |  425 | unconfirmed; geforce-rtx-4090-d.c4189
NVIDIA GeForce RTX 4090                                 |  49140 |  48 | 1008.4 | 165.2m | 4x16 |     0 |  8.9 |  450 | observed; vendor                                                | aftermarket 48 GB board; same name as the 24 GB card: memory must decide
NVIDIA GeForce RTX 4060 Laptop GPU                      |   8188 |   8 |  256.0 |  23.2m |  4x8 |     0 |  8.9 |  115 | unconfirmed; geforce-rtx-4060-mobile.c3946                      | power and clocks vary by laptop
NVIDIA GeForce RTX 4070 Laptop GPU                      |   8188 |   8 |  256.0 |  31.2m |  4x8 |     0 |  8.9 |  115 | unconfirmed; geforce-rtx-4070-mobile.c3944                      | power and clocks vary by laptop
NVIDIA GeForce RTX 4090 Laptop GPU                      |  16376 |  16 |  576.0 |  65.9m | 4x16 |     0 |  8.9 |  150 | unconfirmed; geforce-rtx-4090-mobile.c3949; vendor W            | power and clocks vary by laptop
NVIDIA GeForce RTX 5050                                 |   8151 |   8 |  320.0 |  26.3m |  5x8 |     0 | 12.0 |  130 | unconfirmed; geforce-rtx-5050.c4220
NVIDIA GeForce RTX 5060                                 |   8151 |   8 |  448.0 |  38.4m |  5x8 |     0 | 12.0 |  145 | unconfirmed; geforce-rtx-5060.c4219
NVIDIA GeForce RTX 5060 Ti                              |   8151 |   8 |  448.0 |  47.4m |  5x8 |     0 | 12.0 |  180 | unconfirmed; geforce-rtx-5060-ti-8-gb.c4246
NVIDIA GeForce RTX 5060 Ti                              |  16311 |  16 |  448.0 |  47.4m |  5x8 |     0 | 12.0 |  180 | observed; geforce-rtx-5060-ti-16-gb.c4292
NVIDIA GeForce RTX 5070                                 |  12227 |  12 |  672.0 |  61.7m | 5x16 |     0 | 12.0 |  250 | observed; geforce-rtx-5070.c4218
NVIDIA GeForce RTX 5070 Ti                              |  16303 |  16 |  896.0 |  87.9m | 5x16 |     0 | 12.0 |  300 | observed; geforce-rtx-5070-ti.c4243
NVIDIA GeForce RTX 5080                                 |  16303 |  16 |  960.0 | 112.6m | 5x16 |     0 | 12.0 |  360 | observed; geforce-rtx-5080.c4217
NVIDIA GeForce RTX 5090                                 |  32607 |  32 | 1792.0 | 209.5m | 5x16 |     0 | 12.0 |  575 | observed; geforce-rtx-5090.c4216
NVIDIA GeForce RTX 5090 D                               |  32607 |  32 | 1792.0 |      - | 5x16 |     0 | 12.0 |  575 | unconfirmed; geforce-rtx-5090-d.c4253
NVIDIA GeForce RTX 5070 Ti Laptop GPU                   |  12227 |  12 |  672.0 |      - | 5x16 |     0 | 12.0 |  115 | observed; geforce-rtx-5070-ti-mobile.c4238; vendor W            | power and clocks vary by laptop
NVIDIA GeForce RTX 5090 Laptop GPU                      |  24463 |  24 |  896.0 |      - | 5x16 |     0 | 12.0 |  150 | unconfirmed; geforce-rtx-5090-mobile.c4235; vendor W            | power and clocks vary by laptop
Quadro P6000                                            |  24576 |  24 |  432.8 |      - | 3x16 |     0 |  6.1 |  250 | unconfirmed; quadro-p6000.c2865
Quadro RTX 5000                                         |  16384 |  16 |  448.0 |  89.2m | 3x16 |    50 |  7.5 |  230 | unconfirmed; quadro-rtx-5000.c3308                              | ECC on: 15360
Quadro RTX 6000                                         |  24576 |  24 |  672.0 | 130.5m | 3x16 |   100 |  7.5 |  260 | unconfirmed; quadro-rtx-6000.c3307                              | ECC on: 23040 (older drivers 22698)
Quadro RTX 8000                                         |  49152 |  48 |  672.0 | 130.5m | 3x16 |   100 |  7.5 |  260 | unconfirmed; quadro-rtx-8000.c3306                              | ECC on: 46080
NVIDIA RTX A2000                                        |   6138 |   6 |  288.0 |  31.9m | 4x16 |     0 |  8.6 |   70 | unconfirmed; rtx-a2000.c3820                                    | ECC on: 5754
NVIDIA RTX A2000 12GB                                   |  12282 |  12 |  288.0 |  31.9m | 4x16 |     0 |  8.6 |   70 | unconfirmed; rtx-a2000-12-gb.c3853                              | ECC on: 11514
NVIDIA RTX A4000                                        |  16376 |  16 |  448.0 |  76.7m | 4x16 |     0 |  8.6 |  140 | unconfirmed; rtx-a4000.c3756                                    | ECC on: 15352
NVIDIA RTX A4500                                        |  20470 |  20 |  640.0 |  94.6m | 4x16 | 112.5 |  8.6 |  200 | unconfirmed; rtx-a4500.c3849
NVIDIA RTX A5000                                        |  24564 |  24 |  768.0 | 111.1m | 4x16 | 112.5 |  8.6 |  230 | unconfirmed; rtx-a5000.c3748                                    | ECC on: 23028
NVIDIA RTX A5500                                        |  24564 |  24 |  768.0 | 136.4m | 4x16 | 112.5 |  8.6 |  230 | unconfirmed; rtx-a5500.c3901
NVIDIA RTX A6000                                        |  49140 |  48 |  768.0 | 154.8m | 4x16 | 112.5 |  8.6 |  300 | observed; rtx-a6000.c3686                                       | ECC on: 46068
NVIDIA RTX 2000 Ada Generation                          |  16380 |  16 |  224.0 |  48.0m |  4x8 |     0 |  8.9 |   70 | unconfirmed; rtx-2000-ada-generation.c4199; vendor GB/s
NVIDIA RTX 4000 SFF Ada Generation                      |  20475 |  20 |  280.0 |  76.7m | 4x16 |     0 |  8.9 |   70 | observed; rtx-4000-sff-ada-generation.c4139
NVIDIA RTX 4000 Ada Generation                          |  20475 |  20 |  360.0 | 106.9m | 4x16 |     0 |  8.9 |  130 | unconfirmed; rtx-4000-ada-generation.c4171
NVIDIA RTX 4500 Ada Generation                          |  24570 |  24 |  432.0 | 158.5m | 4x16 |     0 |  8.9 |  210 | unconfirmed; rtx-4500-ada-generation.c4172
NVIDIA RTX 5000 Ada Generation                          |  32760 |  32 |  576.0 | 261.1m | 4x16 |     0 |  8.9 |  250 | unconfirmed; rtx-5000-ada-generation.c4152
NVIDIA RTX 5880 Ada Generation                          |  49140 |  48 |  960.0 | 277.3m | 4x16 |     0 |  8.9 |  285 | unconfirmed; rtx-5880-ada-generation.c4191; vendor GB/s
NVIDIA RTX 6000 Ada Generation                          |  49140 |  48 |  960.0 | 364.3m | 4x16 |     0 |  8.9 |  300 | observed; rtx-6000-ada-generation.c3933                         | ECC on: 46068
NVIDIA RTX PRO 2000 Blackwell                           |  16311 |  16 |  288.0 |  68.1m |  5x8 |     0 | 12.0 |   70 | observed; rtx-pro-2000-blackwell.c4330                          | fp16 = FP4-sparse AI TOPS / 8
NVIDIA RTX PRO 4000 Blackwell SFF Edition               |  24467 |  24 |  432.0 |  96.3m |  5x8 |     0 | 12.0 |   70 | observed; rtx-pro-4000-blackwell-sff.c4329; vendor fp16         | CUDA total 24026 MiB
NVIDIA RTX PRO 4000 Blackwell                           |  24467 |  24 |  672.0 | 147.3m | 5x16 |     0 | 12.0 |  140 | observed; rtx-pro-4000-blackwell.c4279
NVIDIA RTX PRO 4500 Blackwell                           |  32623 |  32 |  896.0 | 210.9m | 5x16 |     0 | 12.0 |  200 | observed; rtx-pro-4500-blackwell.c4278; vendor fp16
NVIDIA RTX PRO 5000 Blackwell                           |  48935 |  48 | 1344.0 | 258.0m | 5x16 |     0 | 12.0 |  300 | observed; rtx-pro-5000-blackwell.c4276                          | CUDA total 47.27 GiB
NVIDIA RTX PRO 6000 Blackwell Workstation Edition       |  97887 |  96 | 1792.0 | 503.8m | 5x16 |     0 | 12.0 |  600 | observed; rtx-pro-6000-blackwell.c4272                          | table form truncates to "NVIDIA RTX PRO 6000 Blac..."
NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition |  97887 |  96 | 1792.0 | 438.9m | 5x16 |     0 | 12.0 |  300 | observed; rtx-pro-6000-blackwell-max-q.c4273
NVIDIA RTX PRO 6000 Blackwell Server Edition            |  97887 |  96 | 1597.0 | 480.0m | 5x16 |     0 | 12.0 |  600 | observed; rtx-pro-6000-blackwell-server.c4274; vendor GB/s fp16
Tesla K80                                               |  11441 |  12 |  240.6 |      - | 3x16 |     0 |  3.7 |  150 | observed; vendor                                                | per GPU (2 per board); 4-GPU XML sample
Tesla M10                                               |   8129 |   8 |   83.2 |      - | 3x16 |     0 |  5.2 |   56 | unconfirmed; vendor                                             | per GPU (4 per board)
Tesla M40 24GB                                          |  22945 |  24 |  288.4 |      - | 3x16 |     0 |  5.2 |  250 | unconfirmed; vendor                                             | ECC on
Tesla P4                                                |   7680 |   8 |  192.3 |      - | 3x16 |     0 |  6.1 |   75 | unconfirmed; tesla-p4.c2879                                     | ECC on; 8192 off
Tesla P40                                               |  24576 |  24 |  347.1 |      - | 3x16 |     0 |  6.1 |  250 | unconfirmed; tesla-p40.c2878                                    | ECC on: 23040
Tesla P100-PCIE-16GB                                    |  16384 |  16 |  732.2 |  18.7v | 3x16 |     0 |  6.0 |  250 | observed; tesla-p100-pcie-16-gb.c2888
Tesla P100-SXM2-16GB                                    |  16384 |  16 |  732.2 |  21.2v | 3x16 |   160 |  6.0 |  300 | unconfirmed; tesla-p100-sxm2.c3183
Tesla V100-PCIE-16GB                                    |  16384 |  16 |  900.0 |   112m | 3x16 |     0 |  7.0 |  250 | unconfirmed; tesla-v100-pcie-16-gb.c2957; vendor W              | older drivers 16160
Tesla V100-PCIE-32GB                                    |  32768 |  32 |  900.0 |   112m | 3x16 |     0 |  7.0 |  250 | unconfirmed; tesla-v100-pcie-32-gb.c3184                        | older drivers 32510
Tesla V100-SXM2-16GB                                    |  16384 |  16 |  900.0 |   125m | 3x16 |   300 |  7.0 |  300 | unconfirmed; tesla-v100-sxm2-16-gb.c3471; vendor GB/s W fp16
Tesla V100-SXM2-32GB                                    |  32768 |  32 |  900.0 |   125m | 3x16 |   300 |  7.0 |  300 | unconfirmed; tesla-v100-sxm2-32-gb.c3185; vendor W
Tesla V100S-PCIE-32GB                                   |  32768 |  32 | 1134.0 |   130m | 3x16 |     0 |  7.0 |  250 | unconfirmed; tesla-v100s-pcie-32-gb.c3467
Tesla T4                                                |  15360 |  16 |  320.0 |    65m | 3x16 |     0 |  7.5 |   70 | observed; tesla-t4.c3316                                        | ECC on; older drivers 15109
NVIDIA A2                                               |  15356 |  16 |  200.1 |    18m |  4x8 |     0 |  8.6 |   60 | observed; a2.c3848                                              | ECC on
NVIDIA A10                                              |  23028 |  24 |  600.2 |   125m | 4x16 |     0 |  8.6 |  150 | observed; a10-pcie.c3793                                        | ECC on
NVIDIA A10G                                             |  23028 |  24 |  600.2 |    70m | 4x16 |     0 |  8.6 |  300 | observed; a10g.c3798; vendor W fp16                             | AWS variant
NVIDIA A16                                              |  15356 |  16 |  200.0 |  17.9m | 4x16 |     0 |  8.6 | 62.5 | observed; vendor                                                | per GPU (4 per board)
NVIDIA A30                                              |  24576 |  24 |  933.1 |   165m | 4x16 |   200 |  8.0 |  165 | observed; a30-pcie.c3792; vendor fp16
NVIDIA A40                                              |  46068 |  48 |  695.8 | 149.7m | 4x16 | 112.5 |  8.6 |  300 | observed; a40-pcie.c3700                                        | ECC on
NVIDIA A100-PCIE-40GB                                   |  40960 |  40 | 1555.0 |   312m | 4x16 |   600 |  8.0 |  250 | unconfirmed; a100-pcie-40-gb.c3623; vendor fp16                 | older drivers 40536
NVIDIA A100-SXM4-40GB                                   |  40960 |  40 | 1555.0 |   312m | 4x16 |   600 |  8.0 |  400 | unconfirmed; a100-sxm4-40-gb.c3506; vendor fp16
NVIDIA A100 80GB PCIe                                   |  81920 |  80 | 1935.0 |   312m | 4x16 |   600 |  8.0 |  300 | unconfirmed; a100-pcie-80-gb.c3821; vendor fp16                 | NVLink by bridge, pairs only
NVIDIA A100-SXM4-80GB                                   |  81920 |  80 | 2039.0 |   312m | 4x16 |   600 |  8.0 |  400 | observed; a100-sxm4-80-gb.c3746; vendor fp16
NVIDIA A800-SXM4-80GB                                   |  81920 |  80 | 2039.0 |   312m | 4x16 |   400 |  8.0 |  400 | unconfirmed; a800-sxm4-80-gb.c3966; vendor fp16
NVIDIA L4                                               |  23034 |  24 |  300.1 |   121m | 4x16 |     0 |  8.9 |   72 | observed; l4.c4091                                              | ECC on
NVIDIA L20                                              |  46068 |  48 |  864.0 | 119.5m | 4x16 |     0 |  8.9 |  275 | unconfirmed; l20.c4206                                          | ECC on
NVIDIA L40                                              |  46068 |  48 |  864.0 |   181m | 4x16 |     0 |  8.9 |  300 | unconfirmed; l40.c3959                                          | ECC on
NVIDIA L40S                                             |  46068 |  48 |  864.0 |   362m | 4x16 |     0 |  8.9 |  350 | observed; l40s.c4173; vendor W                                  | ECC on
NVIDIA H20                                              |  97871 |  96 | 4000.0 |   148m | 5x16 |   900 |  9.0 |  500 | observed; vendor                                                | nvidia-smi shows 500 W cap; TDP stated 400
NVIDIA H100 PCIe                                        |  81559 |  80 | 2039.0 |   756m | 5x16 |   600 |  9.0 |  350 | unconfirmed; h100-pcie-80-gb.c3899; vendor fp16                 | NVLink by bridge, pairs only
NVIDIA H100 80GB HBM3                                   |  81559 |  80 | 3350.0 |   989m | 5x16 |   900 |  9.0 |  700 | observed; h100-sxm5-80-gb.c3900; vendor fp16                    | SXM5
NVIDIA H100 NVL                                         |  95830 |  94 | 3900.0 |   835m | 5x16 |   600 |  9.0 |  400 | observed; h100-nvl-94-gb.c4327; vendor fp16
NVIDIA H800                                             |  81559 |  80 | 3350.0 |   989m | 5x16 |   400 |  9.0 |  700 | unconfirmed; h800-sxm5.c3975; vendor fp16
NVIDIA H200                                             | 143771 | 141 | 4800.0 |   989m | 5x16 |   900 |  9.0 |  700 | observed; h200-sxm-141-gb.c4255; vendor fp16
NVIDIA H200 NVL                                         | 143771 | 141 | 4800.0 |   835m | 5x16 |   900 |  9.0 |  600 | unconfirmed; h200-nvl.c4254; vendor fp16                        | NVLink by 2- or 4-way bridge
NVIDIA GH200 480GB                                      |  97871 |  96 | 4000.0 |   989m | 5x16 |   900 |  9.0 |  900 | observed; vendor                                                | Grace Hopper; link figure is NVLink-C2C to the CPU
NVIDIA B200                                             | 183359 | 180 | 7700.0 |  2250m | 5x16 |  1800 | 10.0 | 1000 | observed; vendor                                                | CUDA total 182642 MB
NVIDIA B300 SXM6 AC                                     | 275040 | 270 | 7750.0 |  2250m | 6x16 |  1800 | 10.3 | 1100 | observed; vendor
NVIDIA GB200                                            | 189471 | 186 | 8000.0 |  2500m | 5x16 |  1800 | 10.0 | 1200 | observed; vendor
NVIDIA GB300                                            | 284208 | 278 | 8000.0 |  2500m | 6x16 |  1800 | 10.3 | 1400 | observed; vendor
NVIDIA GB10                                             |      - | 128 |  273.0 |   125m |    - |     0 | 12.1 |  140 | varies; vendor                                                  | unified memory; nvidia-smi prints memory.total as [N/A]: take system RAM
Orin (nvgpu)                                            |      - |  64 |  204.8 |  42.5m |    - |     0 |  8.7 |   60 | varies; vendor                                                  | Jetson AGX Orin 64GB, unified memory
`
