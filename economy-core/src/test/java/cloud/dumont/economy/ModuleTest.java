package cloud.dumont.economy;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.module.ModuleDescriptor;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class ModuleTest {

    @Test
    void module_exportsTheseRooms_andNoOther() throws IOException {
        try (InputStream descriptor = Files.newInputStream(Path.of("target/classes/module-info.class"))) {
            assertThat(ModuleDescriptor.read(descriptor).exports())
                    .extracting(ModuleDescriptor.Exports::source)
                    .containsExactlyInAnyOrder(
                            "cloud.dumont.economy",
                            "cloud.dumont.economy.equivalence",
                            "cloud.dumont.economy.gpu",
                            "cloud.dumont.economy.history",
                            "cloud.dumont.economy.money",
                            "cloud.dumont.economy.polling",
                            "cloud.dumont.economy.pricing",
                            "cloud.dumont.economy.pricing.feed",
                            "cloud.dumont.economy.pricing.source",
                            "cloud.dumont.economy.provider",
                            "cloud.dumont.economy.savings",
                            "cloud.dumont.economy.usage");
        }
    }
}
