package cloud.dumont.economy.pricing;

import static cloud.dumont.economy.testing.Prices.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import cloud.dumont.economy.gpu.GpuCount;
import cloud.dumont.economy.money.HourlyRate;
import cloud.dumont.economy.provider.InstanceType;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.PurchaseOption;
import cloud.dumont.economy.provider.Region;
import cloud.dumont.economy.testing.Gen;
import cloud.dumont.economy.testing.Law;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is written is read again, and nothing else is. */
class CatalogFileTest {

    private static final int MAGIC = 8;
    private static final int HASH = 16;
    private static final int SECTIONS = 7;
    private static final int HEADER = MAGIC + HASH + SECTIONS * 8;

    private static final PriceCatalog SMALL = PriceCatalog.of(List.of(
            row(Provider.AWS, "us-east-1", "g4dn.xlarge", "T4", "1", "0.526"),
            row(Provider.AWS, "us-east-1", "g4dn.xlarge", "T4", "1", "0.5", Instant.parse("2026-06-01T00:00:00Z")),
            row(Provider.AZURE, "eastus", "Standard_NV6ads_A10_v5", "A10", "1/6", "0.454"),
            row(Provider.of("neo"), "global", "mystery", "", "", "1")));

    @TempDir
    Path folder;

    private static byte[] bytes(PriceCatalog catalog, Path folder) throws IOException {
        Path file = folder.resolve("small.catalog");
        catalog.write(file);
        return Files.readAllBytes(file);
    }

    private static void assertSame(PriceCatalog actual, PriceCatalog expected) {
        assertThat(actual.offers().toList()).isEqualTo(expected.offers().toList());
        assertThat(actual.version()).isEqualTo(expected.version());
        assertThat(actual.providers()).isEqualTo(expected.providers());
        for (Provider provider : expected.providers()) {
            assertThat(actual.referenceRegion(provider)).isEqualTo(expected.referenceRegion(provider));
            assertThat(actual.billingRule(provider)).isEqualTo(expected.billingRule(provider));
            assertThat(actual.regions(provider)).isEqualTo(expected.regions(provider));
            assertThat(actual.instanceTypes(provider)).isEqualTo(expected.instanceTypes(provider));
        }
    }

    @Test
    void read_whatWasWritten_isTheSame() {
        Path file = folder.resolve("any.catalog");
        Law.holds(300, gen -> {
            PriceCatalog catalog = PriceCatalog.of(anyRows(gen));
            catalog.write(file);
            assertSame(PriceCatalog.read(file), catalog);
        });
    }

    @Test
    void read_everyRow_isFoundWithAllThatWasSaidOfIt() {
        Law.holds(300, gen -> {
            List<PriceRow> rows = anyRows(gen);
            PriceCatalog catalog = PriceCatalog.of(rows);
            for (PriceRow row : rows) {
                ListPrice price = catalog.price(row.sku(), row.effectiveFrom());
                assertThat(price.sku()).isEqualTo(row.sku());
                assertThat(price.rate()).isEqualTo(row.rate());
                InstanceSpec spec = catalog.spec(
                                row.spec().provider(), row.spec().instanceType())
                        .orElseThrow();
                assertThat(spec.gpuModel()).isEqualTo(row.spec().gpuModel());
                assertThat(spec.gpuCount()).isEqualTo(row.spec().gpuCount());
                assertThat(spec.vcpus()).isEqualTo(row.spec().vcpus());
                assertThat(spec.memoryGib().map(BigDecimal::stripTrailingZeros))
                        .isEqualTo(row.spec().memoryGib().map(BigDecimal::stripTrailingZeros));
                assertThat(spec.gpuMemoryGib().map(BigDecimal::stripTrailingZeros))
                        .isEqualTo(row.spec().gpuMemoryGib().map(BigDecimal::stripTrailingZeros));
            }
        });
    }

    /** Rows without contradictions: one description a type, one price a moment. */
    private static List<PriceRow> anyRows(Gen gen) {
        Map<String, InstanceSpec> specs = new HashMap<>();
        Set<List<Object>> taken = new HashSet<>();
        List<PriceRow> rows = new ArrayList<>();
        for (int i = gen.between(0, 40); i > 0; i--) {
            Provider provider = gen.pick(Provider.AWS, Provider.GCP, Provider.AZURE, Provider.of("ünïcode ☁"));
            String type = gen.pick("a", "b.large", "Standard_x_flex_y", "名前");
            InstanceSpec spec = specs.computeIfAbsent(
                    provider + type,
                    key -> new InstanceSpec(
                            provider,
                            InstanceType.of(type),
                            gen.oneIn(4) ? Optional.empty() : Optional.of(gen.pick("T4", "A100 SXM 40GB")),
                            gen.oneIn(4)
                                    ? Optional.empty()
                                    : Optional.of(gen.pick(
                                            GpuCount.ONE,
                                            GpuCount.of(8),
                                            new GpuCount(1, 3),
                                            new GpuCount(999_999, 1_000_000))),
                            gen.oneIn(4)
                                    ? Optional.empty()
                                    : Optional.of(BigDecimal.valueOf(gen.between(0L, 2_000_000_000L), 3)),
                            gen.oneIn(4) ? Optional.empty() : Optional.of(gen.between(0, 2_000)),
                            gen.oneIn(4)
                                    ? Optional.empty()
                                    : Optional.of(BigDecimal.valueOf(gen.between(0L, 20_000L), 1))));
            Region region = Region.of(gen.pick("us-east-1", "us-gov-west-1", "eastus", "global"));
            PurchaseOption option = gen.pick(PurchaseOption.values());
            Instant from = Instant.ofEpochSecond(gen.between(-1_000L, 3_000_000_000L));
            if (taken.add(List.of(provider, type, region, option, from))) {
                rows.add(new PriceRow(
                        spec,
                        region,
                        option,
                        HourlyRate.ofNanoUsd(gen.between(1L, gen.pick(3L, 1_000_000_000_000L, Long.MAX_VALUE - 1))),
                        from,
                        new Provenance(
                                gen.pick("", "a, b", "\"quoted\""),
                                gen.pick("", "path"),
                                gen.pick("", "rev"),
                                LocalDate.ofEpochDay(gen.between(-10L, 40_000L)))));
            }
        }
        return rows;
    }

    @Test
    void read_anyByteDamaged_isRefusedWithFileAndPlace() throws IOException {
        byte[] good = bytes(SMALL, folder);
        for (int at = 0; at < good.length; at++) {
            for (int flip : new int[] {1, 2, 4, 8, 16, 32, 64, 128, 255}) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) flip;
                boolean isHash = at >= MAGIC && at < MAGIC + HASH;
                assertThatThrownBy(() -> PriceCatalog.read(bad, "bad.catalog"))
                        .as("byte %s ^ %s", at, flip)
                        .isInstanceOf(CatalogFormatException.class)
                        .hasMessageStartingWith("bad.catalog: ")
                        .hasMessageContaining(isHash ? "was changed" : "byte");
            }
        }
    }

    /** Who changes a price and mends the checksum has made another list, under the version of the old one. */
    @Test
    void read_anyByteChangedWithItsChecksumMended_isRefused() throws IOException {
        byte[] good = bytes(SMALL, folder);
        for (int at = HEADER; at < good.length; at++) {
            for (int flip : new int[] {1, 4, 32, 128}) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) flip;
                mendChecksums(bad);
                assertThatThrownBy(() -> PriceCatalog.read(bad, "bad.catalog"))
                        .as("byte %s ^ %s", at, flip)
                        .isInstanceOf(CatalogFormatException.class)
                        .hasMessageContaining("was changed");
            }
        }
    }

    /** With the hash mended too it is a catalog of its own, if it is one at all: never one under the version of another. */
    @Test
    void read_anyByteChangedWithEveryCheckMended_isRefusedOrIsAnotherVersion() throws IOException {
        byte[] good = bytes(SMALL, folder);
        for (int at = HEADER; at < good.length; at++) {
            for (int flip : new int[] {1, 2, 16, 64, 255}) {
                byte[] bad = good.clone();
                bad[at] ^= (byte) flip;
                mendChecksums(bad);
                mendHash(bad);
                try {
                    PriceCatalog read = PriceCatalog.read(bad, "bad.catalog");
                    assertThat(read.offers().toList()).isNotNull(); // and nothing in it breaks when it is asked
                    assertThat(read.version()).as("byte %s ^ %s", at, flip).isNotEqualTo(SMALL.version());
                } catch (CatalogFormatException e) {
                    assertThat(e).hasMessageStartingWith("bad.catalog: ");
                }
            }
        }
    }

    /** The hash is over all sections together: a byte that moves from one to the next would not change it. */
    @Test
    void read_sectionsCutElsewhere_isRefused() throws IOException {
        byte[] good = bytes(SMALL, folder);
        for (int section = 0; section + 1 < SECTIONS; section++) {
            for (int moved : new int[] {-8, -4, -1, 1, 4, 8}) {
                byte[] bad = good.clone();
                ByteBuffer header = ByteBuffer.wrap(bad);
                int at = MAGIC + HASH + section * 8;
                header.putInt(at, header.getInt(at) + moved);
                header.putInt(at + 8, header.getInt(at + 8) - moved);
                mendChecksums(bad);
                assertThatThrownBy(() -> PriceCatalog.read(bad, "bad.catalog"))
                        .as("section %s, %s bytes", section, moved)
                        .isInstanceOf(CatalogFormatException.class);
            }
        }
    }

    /** Equal numbers take no bits: a few bytes may say that they are two billion rows. Each claim is refused before memory is taken. */
    @Test
    void read_moreRowsThanItsBytesHold_takesNoMemory() throws IOException {
        byte[] good = bytes(
                PriceCatalog.of(List.of(row(Provider.AWS, "us-east-1", "g4dn.xlarge", "T4", "1", "0.526"))), folder);
        for (int section = 0; section < SECTIONS; section++) {
            for (int rows : new int[] {2, 1 << 20, Integer.MAX_VALUE - 1, Integer.MAX_VALUE, -1, Integer.MIN_VALUE}) {
                byte[] bad = good.clone();
                ByteBuffer.wrap(bad).putInt(start(bad, section), rows);
                mendChecksums(bad);
                mendHash(bad);
                long before = allocated();
                assertThatThrownBy(() -> PriceCatalog.read(bad, "bad.catalog"))
                        .as("section %s, %s rows", section, rows)
                        .isInstanceOf(CatalogFormatException.class);
                assertThat(allocated() - before)
                        .as("section %s, %s rows", section, rows)
                        .isLessThan(1 << 25);
            }
        }
    }

    @Test
    void read_pricesOfASkuByTheBillion_takesNoMemory() throws IOException {
        byte[] bad = bytes(
                PriceCatalog.of(List.of(row(Provider.AWS, "us-east-1", "g4dn.xlarge", "T4", "1", "0.526"))), folder);
        int skus = start(bad, 5);
        int perColumn = 8 + 4 + 4 + 2 * 8; // least, bits, words, two words of no bits
        ByteBuffer.wrap(bad).putLong(skus + 4 + 3 * perColumn, 1_900_000_000L);
        ByteBuffer.wrap(bad).putInt(start(bad, 6), 1_900_000_000);
        mendChecksums(bad);
        mendHash(bad);

        long before = allocated();
        assertThatThrownBy(() -> PriceCatalog.read(bad, "bad.catalog"))
                .isInstanceOf(CatalogFormatException.class)
                .hasMessageContaining("not newest first");
        assertThat(allocated() - before).isLessThan(1 << 25);
    }

    @Test
    void read_fileWithoutEnd_isRefused() throws IOException {
        Path endless = Path.of("/dev/zero");
        assumeThat(endless).exists();

        assertThatThrownBy(() -> PriceCatalog.read(endless))
                .isInstanceOf(CatalogFormatException.class)
                .hasMessageContaining("more than 8388608 bytes");
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }

    private static int start(byte[] file, int section) {
        ByteBuffer header = ByteBuffer.wrap(file);
        int start = HEADER;
        for (int before = 0; before < section; before++) {
            start += header.getInt(MAGIC + HASH + before * 8);
        }
        return start;
    }

    private static void mendChecksums(byte[] file) {
        ByteBuffer header = ByteBuffer.wrap(file);
        for (int section = 0; section < SECTIONS; section++) {
            int start = start(file, section);
            int length = header.getInt(MAGIC + HASH + section * 8);
            if (start >= HEADER && length >= 0 && length <= file.length - start) {
                CRC32 crc = new CRC32();
                crc.update(file, start, length);
                header.putInt(MAGIC + HASH + section * 8 + 4, (int) crc.getValue());
            }
        }
    }

    private static void mendHash(byte[] file) {
        try {
            MessageDigest sha256 = MessageDigest.getInstance("SHA-256");
            sha256.update(file, HEADER, file.length - HEADER);
            System.arraycopy(sha256.digest(), 0, file, MAGIC, HASH);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void read_cutOffAnywhere_isRefusedWithFileAndPlace() throws IOException {
        byte[] good = bytes(SMALL, folder);
        for (int length = 0; length < good.length; length++) {
            byte[] cut = Arrays.copyOf(good, length);
            assertThatThrownBy(() -> PriceCatalog.read(cut, "cut.catalog"))
                    .as("%s bytes", length)
                    .isInstanceOf(CatalogFormatException.class)
                    .hasMessageStartingWith("cut.catalog: ")
                    .hasMessageContaining("byte");
        }
    }

    @Test
    void read_bytesTooMany_isRefused() throws IOException {
        byte[] good = bytes(SMALL, folder);
        byte[] longer = Arrays.copyOf(good, good.length + 3);

        assertThatThrownBy(() -> PriceCatalog.read(longer, "long.catalog"))
                .isInstanceOf(CatalogFormatException.class)
                .hasMessageContaining("3 bytes too many")
                .hasMessageContaining("byte " + good.length);
    }

    @Test
    void read_anyBytes_areRefusedNeverHalfUnderstood() {
        Law.holds(5_000, gen -> {
            byte[] noise = new byte[gen.between(0, 300)];
            for (int i = 0; i < noise.length; i++) {
                noise[i] = (byte) gen.between(-2, 3);
            }
            byte[] magic = "ECONCAT2".getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(magic, 0, noise, 0, gen.oneIn(3) ? 0 : Math.min(magic.length, noise.length));
            assertThatThrownBy(() -> PriceCatalog.read(noise, "noise")).isInstanceOf(CatalogFormatException.class);
        });
    }

    @Test
    void read_fileThatIsNotThere_isNamed() {
        Path none = folder.resolve("none.catalog");

        assertThatThrownBy(() -> PriceCatalog.read(none))
                .isInstanceOf(CatalogFormatException.class)
                .hasMessageContaining(none.toString());
    }

    @Test
    void write_overAnOlderFile_replacesItAndLeavesNothingElse() throws IOException {
        Path file = folder.resolve("prices.catalog");
        PriceCatalog.of(List.of()).write(file);
        SMALL.write(file);

        assertSame(PriceCatalog.read(file), SMALL);
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void write_thatFails_leavesWhatWasThereAndNothingElse() throws IOException {
        Path file = Files.createDirectory(folder.resolve("prices.catalog"));
        Path inside = Files.writeString(file.resolve("inside"), "old");

        assertThatThrownBy(() -> SMALL.write(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining("prices.catalog");
        assertThat(inside).hasContent("old");
        try (Stream<Path> left = Files.list(folder)) {
            assertThat(left).containsExactly(file);
        }
    }

    @Test
    void write_intoNoFolder_isAnErrorThatNamesTheFile() {
        Path file = folder.resolve("none").resolve("prices.catalog");

        assertThatThrownBy(() -> SMALL.write(file))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessageContaining(file.toString());
    }

    /** What one user imports, another one's server must be able to read. */
    @Test
    void write_newFile_mayBeReadByWhoMayReadAnyOtherNewFile() throws IOException {
        assumeThat(Files.getFileStore(folder).supportsFileAttributeView("posix"))
                .isTrue();
        Path other = Files.writeString(folder.resolve("other"), "");
        Path file = folder.resolve("prices.catalog");
        SMALL.write(file);

        assertThat(Files.getPosixFilePermissions(file)).isEqualTo(Files.getPosixFilePermissions(other));
    }
}
