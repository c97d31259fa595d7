package cloud.dumont.economy.gpu;

import java.util.Optional;

/**
 * One canonical GPU model: a chip with its memory and form factor. {@code H100 SXM 80GB}, {@code H100 PCIe 80GB} and
 * {@code H100 NVL 94GB} are three.
 *
 * @param name the canonical name, unique in its catalog
 * @param vendor who makes it, such as NVIDIA; software runs within a vendor
 * @param chip the key shared by variants of one chip in other clothes (memory, form factor); empty where there are none
 * @param spec its data-sheet figures
 */
public record GpuModel(String name, String vendor, Optional<String> chip, GpuSpec spec) {

    /**
     * Whether the two are one chip in other clothes: A10 and A10G, H100 SXM and NVL.
     *
     * @param other another model
     * @return true if they share a chip and are not the same model
     */
    public boolean isVariantOf(GpuModel other) {
        return chip.isPresent() && chip.equals(other.chip) && !name.equals(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
