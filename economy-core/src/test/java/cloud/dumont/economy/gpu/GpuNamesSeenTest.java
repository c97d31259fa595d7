package cloud.dumont.economy.gpu;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Names as systems and price lists really write them, with what each means: one model, several, or none that is known. */
class GpuNamesSeenTest {

    private static final GpuCatalog GPUS = GpuCatalog.bundled();

    private static List<String> meanings(GpuResolution resolution) {
        if (resolution instanceof GpuResolution.Shared shared) {
            return meanings(shared.card());
        }
        return resolution instanceof GpuResolution.Ambiguous ambiguous
                ? ambiguous.choices().stream().map(GpuModel::name).sorted().toList()
                : resolution.model().stream().map(GpuModel::name).toList();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    nvidia-smi             | Tesla T4                                             | T4
                    nvidia-smi             | Tesla K80                                            | K80
                    nvidia-smi             | Tesla M60                                            | M60
                    nvidia-smi             | Tesla P4                                             | P4
                    nvidia-smi             | Tesla P40                                            | P40
                    nvidia-smi             | Tesla P100-PCIE-16GB                                 | P100
                    nvidia-smi             | Tesla P100-SXM2-16GB                                 | P100
                    nvidia-smi             | Tesla P100-PCIE-12GB                                 |
                    nvidia-smi             | Tesla V100-SXM2-16GB                                 | V100 16GB
                    nvidia-smi             | Tesla V100-SXM2-32GB                                 | V100 32GB
                    nvidia-smi             | Tesla V100-PCIE-16GB                                 | V100 16GB
                    nvidia-smi             | Tesla V100-PCIE-32GB                                 | V100 32GB
                    nvidia-smi             | Tesla V100-SXM3-32GB                                 | V100 32GB
                    nvidia-smi             | Tesla V100-FHHL-16GB                                 | V100 16GB
                    nvidia-smi             | Tesla V100S-PCIE-32GB                                |
                    nvidia-smi             | NVIDIA T4G                                           | T4G
                    nvidia-smi             | NVIDIA A10                                           | A10
                    nvidia-smi             | NVIDIA A10G                                          | A10G
                    nvidia-smi             | NVIDIA A10-24Q                                       | A10
                    nvidia-smi             | NVIDIA A10-8Q                                        |
                    nvidia-smi             | NVIDIA A16                                           | A16
                    nvidia-smi             | NVIDIA A30                                           | A30
                    nvidia-smi             | NVIDIA A40                                           | A40
                    nvidia-smi             | NVIDIA A100-SXM4-40GB                                | A100 SXM 40GB
                    nvidia-smi             | NVIDIA A100-SXM4-80GB                                | A100 SXM 80GB
                    nvidia-smi             | NVIDIA A100-PCIE-40GB                                | A100 PCIe 40GB
                    nvidia-smi             | NVIDIA A100 80GB PCIe                                | A100 PCIe 80GB
                    nvidia-smi             | NVIDIA A100-SXM-64GB                                 |
                    nvidia-smi             | NVIDIA A800-SXM4-80GB                                | A800 SXM 80GB
                    nvidia-smi             | NVIDIA L4                                            | L4
                    nvidia-smi             | NVIDIA L40                                           | L40
                    nvidia-smi             | NVIDIA L40S                                          | L40S
                    nvidia-smi             | NVIDIA H100 80GB HBM3                                | H100 SXM 80GB
                    nvidia-smi             | NVIDIA H100 PCIe                                     | H100 PCIe 80GB
                    nvidia-smi             | NVIDIA H100 NVL                                      | H100 NVL 94GB
                    nvidia-smi             | NVIDIA H200                                          | H200 SXM 141GB
                    nvidia-smi             | NVIDIA H200 NVL                                      | H200 NVL 141GB
                    nvidia-smi             | NVIDIA H20                                           |
                    nvidia-smi             | NVIDIA GH200 480GB                                   | GH200
                    nvidia-smi             | NVIDIA GH200 144G HBM3e                              |
                    nvidia-smi             | NVIDIA B200                                          | B200
                    nvidia-smi             | NVIDIA B300 SXM6 AC                                  | B300
                    nvidia-smi             | NVIDIA GB200                                         | GB200
                    nvidia-smi             | NVIDIA GB300                                         | GB300
                    nvidia-smi             | NVIDIA RTX 6000 Ada Generation                       | RTX 6000 Ada
                    nvidia-smi             | NVIDIA RTX 5000 Ada Generation                       | RTX 5000 Ada
                    nvidia-smi             | NVIDIA RTX 4500 Ada Generation                       | RTX 4500 Ada
                    nvidia-smi             | NVIDIA RTX 4000 Ada Generation                       | RTX 4000 Ada
                    nvidia-smi             | NVIDIA RTX 4000 SFF Ada Generation                   |
                    nvidia-smi             | NVIDIA RTX 2000 Ada Generation                       | RTX 2000 Ada
                    nvidia-smi             | NVIDIA RTX A2000                                     | RTX A2000
                    nvidia-smi             | NVIDIA RTX A2000 12GB                                |
                    nvidia-smi             | NVIDIA RTX A4000                                     | RTX A4000
                    nvidia-smi             | NVIDIA RTX A4500                                     | RTX A4500
                    nvidia-smi             | NVIDIA RTX A5000                                     | RTX A5000
                    nvidia-smi             | NVIDIA RTX A5500                                     | RTX A5500
                    nvidia-smi             | NVIDIA RTX A6000                                     | RTX A6000
                    nvidia-smi             | NVIDIA RTX PRO 6000 Blackwell Server Edition         | RTX PRO 6000 Blackwell Server Edition
                    nvidia-smi             | NVIDIA RTX PRO 6000 Blackwell Workstation Edition    | RTX PRO 6000 Blackwell
                    nvidia-smi             | NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition |
                    nvidia-smi             | NVIDIA RTX PRO 5000 Blackwell                        | RTX PRO 5000 Blackwell
                    nvidia-smi             | NVIDIA RTX PRO 4500 Blackwell                        | RTX PRO 4500 Blackwell
                    nvidia-smi             | NVIDIA RTX PRO 4000 Blackwell                        | RTX PRO 4000 Blackwell
                    nvidia-smi             | Quadro RTX 4000                                      | Quadro RTX 4000
                    nvidia-smi             | Quadro RTX 5000                                      | Quadro RTX 5000
                    nvidia-smi             | Quadro RTX 6000                                      | Quadro RTX 6000
                    nvidia-smi             | Quadro RTX 8000                                      | Quadro RTX 8000
                    nvidia-smi             | Quadro M4000                                         | Quadro M4000
                    nvidia-smi             | Quadro P4000                                         | Quadro P4000
                    nvidia-smi             | GRID K520                                            | GRID K520
                    nvidia-smi             | NVIDIA TITAN RTX                                     | TITAN RTX
                    nvidia-smi             | TITAN V                                              | TITAN V
                    nvidia-smi             | NVIDIA TITAN Xp                                      |
                    nvidia-smi             | NVIDIA GeForce RTX 3060                              | RTX 3060
                    nvidia-smi             | NVIDIA GeForce RTX 3060 Laptop GPU                   |
                    nvidia-smi             | NVIDIA GeForce RTX 3080 Ti                           | RTX 3080 Ti
                    nvidia-smi             | NVIDIA GeForce RTX 3090                              | RTX 3090
                    nvidia-smi             | NVIDIA GeForce RTX 4070 SUPER                        | RTX 4070 Super
                    nvidia-smi             | NVIDIA GeForce RTX 4070 Ti SUPER                     | RTX 4070 Ti Super
                    nvidia-smi             | NVIDIA GeForce RTX 4080 SUPER                        | RTX 4080 Super
                    nvidia-smi             | NVIDIA GeForce RTX 4090                              | RTX 4090
                    nvidia-smi             | NVIDIA GeForce RTX 4090 D                            |
                    nvidia-smi             | NVIDIA GeForce RTX 5070 Ti                           | RTX 5070 Ti
                    nvidia-smi             | NVIDIA GeForce RTX 5090                              | RTX 5090
                    nvidia-smi             | GeForce GTX 1060 6GB                                 | GTX 1060
                    nvidia-smi             | GeForce GTX 1060 3GB                                 |
                    nvidia-smi             | NVIDIA GeForce GTX 1080 Ti                           | GTX 1080 Ti
                    nvidia-smi             | NVIDIA GeForce GTX 1660 SUPER                        | GTX 1660 Super
                    rocm-smi               | AMD Instinct MI300X                                  | MI300X
                    rocm-smi               | AMD Instinct MI300X OAM                              | MI300X
                    rocm-smi               | AMD Instinct MI300X VF                               | MI300X
                    rocm-smi               | AMD Instinct MI325X                                  | MI325X
                    rocm-smi               | AMD Instinct MI355X                                  | MI355X
                    rocm-smi               | AMD Instinct MI210                                   | MI210
                    rocm-smi               | AMD Instinct MI250X                                  |
                    rocm-smi               | AMD Radeon Pro V710 MxGPU                            | Radeon Pro V710
                    Kubernetes label       | Tesla-T4                                             | T4
                    Kubernetes label       | Tesla-T4-SHARED                                      | T4
                    Kubernetes label       | NVIDIA-A100-SXM4-40GB                                | A100 SXM 40GB
                    Kubernetes label       | NVIDIA-A100-SXM4-40GB-MIG-1g.5gb                     |
                    Kubernetes label       | NVIDIA-A100-SXM4-40GB-MIG-1g.5gb-SHARED              |
                    Kubernetes label       | NVIDIA-A100-SXM4-80GB-SHARED                         | A100 SXM 80GB
                    Kubernetes label       | NVIDIA-A100-PCIE-80GB                                | A100 PCIe 80GB
                    Kubernetes label       | NVIDIA-H100-80GB-HBM3                                | H100 SXM 80GB
                    Kubernetes label       | NVIDIA-B300-SXM6-AC                                  | B300
                    Kubernetes label       | NVIDIA-L40S                                          | L40S
                    Kubernetes label       | NVIDIA-GeForce-RTX-3090                              | RTX 3090
                    Kubernetes label       | NVIDIA-TITAN-RTX                                     | TITAN RTX
                    Kubernetes label       | Quadro-RTX-6000                                      | Quadro RTX 6000
                    Kubernetes label       | NVIDIA-RTX-A6000                                     | RTX A6000
                    Kubernetes label       | AMD_Instinct_MI300X_OAM                              | MI300X
                    Kubernetes label       | SHARED                                               |
                    Vast gpu_name          | RTX 4090                                             | RTX 4090
                    Vast gpu_name          | RTX 4090D                                            |
                    Vast gpu_name          | RTX 4070S                                            | RTX 4070 Super
                    Vast gpu_name          | RTX 4070S Ti                                         | RTX 4070 Ti Super
                    Vast gpu_name          | RTX 4080S                                            | RTX 4080 Super
                    Vast gpu_name          | RTX 5090                                             | RTX 5090
                    Vast gpu_name          | A100 SXM4                                            | A100 SXM 40GB / A100 SXM 80GB
                    Vast gpu_name          | A100 PCIE                                            | A100 PCIe 40GB / A100 PCIe 80GB
                    Vast gpu_name          | H100 SXM                                             | H100 SXM 80GB
                    Vast gpu_name          | H100 PCIE                                            | H100 PCIe 80GB
                    Vast gpu_name          | H100 NVL                                             | H100 NVL 94GB
                    Vast gpu_name          | H200                                                 | H200 SXM 141GB
                    Vast gpu_name          | RTX 6000Ada                                          | RTX 6000 Ada
                    Vast gpu_name          | RTX 5000Ada                                          | RTX 5000 Ada
                    Vast gpu_name          | RTX 4000Ada                                          | RTX 4000 Ada
                    Vast gpu_name          | RTX A6000                                            | RTX A6000
                    Vast gpu_name          | Q RTX 8000                                           | Quadro RTX 8000
                    Vast gpu_name          | Q RTX 6000                                           | Quadro RTX 6000
                    Vast gpu_name          | RTX PRO 6000 S                                       | RTX PRO 6000 Blackwell Server Edition
                    Vast gpu_name          | RTX PRO 6000 WS                                      | RTX PRO 6000 Blackwell
                    Vast gpu_name          | RTX PRO 4500                                         | RTX PRO 4500 Blackwell
                    Vast gpu_name          | Tesla V100                                           | V100 16GB / V100 32GB
                    Vast gpu_name          | GTX 1660 S                                           | GTX 1660 Super
                    Vast gpu_name          | GTX 1070 Ti                                          |
                    Vast gpu_name          | Titan V                                              | TITAN V
                    Vast gpu_name          | A100X                                                |
                    RunPod displayName     | MI300X                                               | MI300X
                    RunPod displayName     | A100 PCIe                                            | A100 PCIe 40GB / A100 PCIe 80GB
                    RunPod displayName     | A100 SXM                                             | A100 SXM 40GB / A100 SXM 80GB
                    RunPod displayName     | H200 SXM                                             | H200 SXM 141GB
                    RunPod displayName     | RTX 2000 Ada                                         | RTX 2000 Ada
                    RunPod displayName     | RTX PRO 6000                                         | RTX PRO 6000 Blackwell / RTX PRO 6000 Blackwell Server Edition
                    RunPod displayName     | V100 FHHL                                            | V100 16GB
                    RunPod displayName     | V100 SXM2                                            | V100 16GB / V100 32GB
                    RunPod displayName     | V100 SXM2 32GB                                       | V100 32GB
                    RunPod displayName     | Tesla V100                                           | V100 16GB / V100 32GB
                    RunPod displayName     | unknown                                              |
                    Lambda gpu_description | A10 (24 GB)                                          | A10
                    Lambda gpu_description | A10 (24 GB PCIe)                                     | A10
                    Lambda gpu_description | A100 (40 GB SXM4)                                    | A100 SXM 40GB
                    Lambda gpu_description | A100 (80 GB SXM4)                                    | A100 SXM 80GB
                    Lambda gpu_description | A100 (40 GB PCIe)                                    | A100 PCIe 40GB
                    Lambda gpu_description | NVIDIA A100 (80 GB)                                  | A100 SXM 80GB
                    Lambda gpu_description | H100 (80 GB PCIe)                                    | H100 PCIe 80GB
                    Lambda gpu_description | H100 (80 GB SXM5)                                    | H100 SXM 80GB
                    Lambda gpu_description | GH200 (96 GB)                                        | GH200
                    Lambda gpu_description | B200 (180 GB SXM6)                                   | B200
                    Lambda gpu_description | A6000 (48 GB)                                        | RTX A6000
                    Lambda gpu_description | RTX 6000 (24 GB)                                     | Quadro RTX 6000
                    Lambda gpu_description | Tesla V100 (16 GB)                                   | V100 16GB
                    SkyPilot               | A100                                                 | A100 SXM 40GB / A100 SXM 80GB
                    SkyPilot               | A100-80GB                                            | A100 SXM 80GB
                    SkyPilot               | A100-80GB-SXM                                        | A100 SXM 80GB
                    SkyPilot               | H100-SXM                                             | H100 SXM 80GB
                    SkyPilot               | H100-MEGA-80GB                                       | H100 SXM 80GB
                    SkyPilot               | H100-NVL                                             | H100 NVL 94GB
                    SkyPilot               | H200-SXM                                             | H200 SXM 141GB
                    SkyPilot               | L40S                                                 | L40S
                    SkyPilot               | V100                                                 | V100 16GB / V100 32GB
                    SkyPilot               | V100-32GB                                            | V100 32GB
                    SkyPilot               | RTX4090                                              | RTX 4090
                    SkyPilot               | RTXA6000                                             | RTX A6000
                    SkyPilot               | A6000                                                | RTX A6000
                    SkyPilot               | RTX6000-Ada                                          | RTX 6000 Ada
                    SkyPilot               | RTX4000-Ada                                          | RTX 4000 Ada
                    SkyPilot               | P100                                                 | P100
                    SkyPilot               | P4000                                                | Quadro P4000
                    SkyPilot               | M4000                                                | Quadro M4000
                    SkyPilot               | T4g                                                  | T4G
                    SkyPilot               | Radeon Pro V520                                      | Radeon Pro V520
                    SkyPilot               | Radeon MI25                                          | Radeon Instinct MI25
                    SkyPilot               | Gaudi HL-205                                         | Gaudi HL-205
                    SkyPilot               | Trainium2                                            | Trainium2
                    SkyPilot               | RTXPRO6000                                           | RTX PRO 6000 Blackwell / RTX PRO 6000 Blackwell Server Edition
                    gpuhunt                | H100NVL                                              | H100 NVL 94GB
                    gpuhunt                | A4000                                                | RTX A4000
                    gpuhunt                | RTX6000                                              | Quadro RTX 6000 / RTX 6000 Ada
                    gpuhunt                | RTX2000Ada                                           | RTX 2000 Ada
                    gpuhunt                | RTX3060Ti                                            | RTX 3060 Ti
                    gpuhunt                | MI250                                                | MI250
                    gpuhunt                | MI250X                                               |
                    gpuhunt                | Gaudi                                                | Gaudi HL-205
                    gpuhunt                | Gaudi2                                               |
                    GCP accelerator type   | nvidia-tesla-t4                                      | T4
                    GCP accelerator type   | nvidia-tesla-t4-vws                                  | T4
                    GCP accelerator type   | nvidia-tesla-p4                                      | P4
                    GCP accelerator type   | nvidia-tesla-p4-vws                                  | P4
                    GCP accelerator type   | nvidia-tesla-p100                                    | P100
                    GCP accelerator type   | nvidia-tesla-p100-vws                                | P100
                    GCP accelerator type   | nvidia-tesla-k80                                     | K80
                    GCP accelerator type   | nvidia-tesla-v100                                    | V100 16GB / V100 32GB
                    GCP accelerator type   | nvidia-tesla-a100                                    | A100 SXM 40GB / A100 SXM 80GB
                    GCP accelerator type   | nvidia-a100-80gb                                     | A100 SXM 80GB
                    GCP accelerator type   | nvidia-l4                                            | L4
                    GCP accelerator type   | nvidia-l4-vws                                        | L4
                    GCP accelerator type   | nvidia-h100-80gb                                     | H100 SXM 80GB
                    GCP accelerator type   | nvidia-h100-mega-80gb                                | H100 SXM 80GB
                    GCP accelerator type   | nvidia-h200-141gb                                    | H200 SXM 141GB
                    GCP accelerator type   | nvidia-b200                                          | B200
                    GCP accelerator type   | nvidia-gb200                                         | GB200
                    GCP accelerator type   | nvidia-rtx-pro-6000                                  | RTX PRO 6000 Blackwell / RTX PRO 6000 Blackwell Server Edition
                    GCP accelerator type   | nvidia-rtx-pro-6000-vws                              | RTX PRO 6000 Blackwell Server Edition
                    GCP accelerator type   | ct5lp                                                |
                    AWS                    | T4g                                                  | T4G
                    AWS                    | K520                                                 | GRID K520
                    AWS                    | Radeon Pro V520                                      | Radeon Pro V520
                    AWS                    | RTX PRO Server 6000                                  | RTX PRO 6000 Blackwell Server Edition
                    AWS                    | rtx-pro-server-4500                                  | RTX PRO 4500 Blackwell
                    AWS                    | NVIDIA A10G Tensor Core GPU                          | A10G
                    AWS                    | Habana Gaudi HL-205                                  | Gaudi HL-205
                    AWS                    | AWS Inferentia2                                      | Inferentia2
                    AWS                    | AWS Trainium                                         | Trainium
                    AWS                    | Qualcomm AI100                                       | Qualcomm Cloud AI 100
                    Azure                  | NVIDIA A10                                           | A10
                    Azure                  | AMD Instinct MI25                                    | Radeon Instinct MI25
                    Azure                  | AMD Radeon Pro V620                                  | Radeon Pro V620
                    Azure                  | V710                                                 | Radeon Pro V710
                    Azure                  | NVIDIA H100 NVL 94GB                                 | H100 NVL 94GB
                    Oracle price list      | Compute  - GPU - A10                                 | A10
                    Oracle price list      | Compute - GPU - A100 - v2                            | A100 SXM 80GB
                    Oracle price list      | Compute - GPU - E3                                   | A100 SXM 40GB
                    Oracle price list      | Compute - GPU Standard - V2                          | V100 16GB
                    Oracle price list      | Compute - Bare Metal GPU Standard - X7               | P100
                    Oracle price list      | Compute - Virtual Machine GPU Standard - X7          | P100
                    Oracle price list      | Oracle Cloud Infrastructure - Compute - GPU - H100   | H100 SXM 80GB
                    usage file             | V100 16GB                                            | V100 16GB
                    usage file             | A10                                                  | A10
                    usage file             | G2                                                   |
                    usage file             | G3                                                   |
                    informal               | 4090                                                 | RTX 4090
                    informal               | 3060 ti                                              | RTX 3060 Ti
                    informal               | a6000                                                | RTX A6000
                    informal               | 6000 Ada                                             | RTX 6000 Ada
                    informal               | RTX 4000                                             | Quadro RTX 4000 / RTX 4000 Ada
                    informal               | RTX 6000 96GB                                        | RTX PRO 6000 Blackwell / RTX PRO 6000 Blackwell Server Edition
                    informal               | A10 40GB                                             |
                    informal               | T4 24GB                                              |
                    informal               | L40 S                                                | L40S
                    """)
    void resolve_nameAsSeen(String origin, String name, @Nullable String models) {
        assertThat(meanings(GPUS.resolve(name)))
                .as("%s writes '%s'", origin, name)
                .isEqualTo(models == null ? List.of() : List.of(models.split(" / ")));
    }

    /** The memory that comes with the name tells namesakes apart. */
    @ParameterizedTest
    @CsvSource({
        "Vast, A100 SXM4, 39.99, A100 SXM 40GB",
        "Vast, A100 PCIE, 80, A100 PCIe 80GB",
        "Vast, RTX 4090, 23.99, RTX 4090",
        "RunPod, A100 PCIe, 80, A100 PCIe 80GB",
        "RunPod, A100 SXM, 80, A100 SXM 80GB",
        "RunPod, V100 SXM2, 16, V100 16GB",
        "GCP, nvidia-tesla-a100, 40, A100 SXM 40GB",
        "GCP, nvidia-tesla-v100, 16, V100 16GB",
        "gpuhunt, RTX6000, 24, Quadro RTX 6000"
    })
    void resolve_nameAndMemoryAsSeen(String origin, String name, BigDecimal memory, String model) {
        assertThat(meanings(GPUS.resolve(name, GpuMemory.ofGib(memory))))
                .as("%s writes '%s' of %s", origin, name, memory)
                .containsExactly(model);
    }
}
