package cloud.dumont.economy.provider;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IdentifiersTest {

    @ParameterizedTest
    @ValueSource(strings = {"aws", "AWS", " Aws "})
    void provider_anyCase_isOne(String id) {
        assertThat(Provider.of(id)).isEqualTo(Provider.AWS).hasSameHashCodeAs(Provider.AWS);
        assertThat(Provider.of(id)).hasToString("AWS");
    }

    @Test
    void provider_otherThanTheThree_isAnIdentifierToo() {
        assertThat(Provider.of("runpod").id()).isEqualTo("RUNPOD");
        assertThat(Provider.of("runpod")).isNotEqualTo(Provider.AWS);
    }

    @ParameterizedTest
    @ValueSource(strings = {"us-east-1", "US-East-1", " us-east-1 "})
    void region_anyCase_isOne(String id) {
        assertThat(Region.of(id)).isEqualTo(Region.of("us-east-1")).hasToString("us-east-1");
    }

    @Test
    void instanceType_case_counts() {
        assertThat(InstanceType.of(" p5.48xlarge ")).isEqualTo(InstanceType.of("p5.48xlarge"));
        assertThat(InstanceType.of("Standard_NC24")).isNotEqualTo(InstanceType.of("standard_nc24"));
    }

    /** In Turkish the lower case of I has no dot. */
    @Test
    void identifiers_anyDefaultLocale_areTheSame() {
        Locale before = Locale.getDefault();
        Locale.setDefault(Locale.forLanguageTag("tr"));
        try {
            assertThat(Provider.of("digitalocean").id()).isEqualTo("DIGITALOCEAN");
            assertThat(Region.of("AP-SOUTHEAST-I").id()).isEqualTo("ap-southeast-i");
            assertThat(PurchaseOption.parse("capacity_block")).isEqualTo(PurchaseOption.CAPACITY_BLOCK);
        } finally {
            Locale.setDefault(before);
        }
    }

    /** Two names that read as one would be two sellers, regions or types. */
    @ParameterizedTest
    @ValueSource(strings = {"a\u200Bb", "a\u202Eb", "a\u00A0b", "\uFEFFab", "ab\u2060", "a\nb", "a\uD800"})
    void identifiersWithWhatIsNotSeen_areRefused(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Provider.of(name))
                .withMessageContaining("only characters that are seen");
        assertThatIllegalArgumentException().isThrownBy(() -> Region.of(name));
        assertThatIllegalArgumentException().isThrownBy(() -> InstanceType.of(name));
        assertThat(InstanceType.of("1x B200 (SXM6) \u00E9").name()).isEqualTo("1x B200 (SXM6) \u00E9");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\t"})
    void identifiers_blank_areRefused(String blank) {
        assertThatIllegalArgumentException().isThrownBy(() -> Provider.of(blank));
        assertThatIllegalArgumentException().isThrownBy(() -> Region.of(blank));
        assertThatIllegalArgumentException().isThrownBy(() -> InstanceType.of(blank));
    }

    @ParameterizedTest
    @EnumSource
    void purchaseOption_anySpelling_isParsed(PurchaseOption option) {
        assertThat(PurchaseOption.parse(option.name())).isEqualTo(option);
        assertThat(PurchaseOption.parse(
                        " " + option.name().toLowerCase(Locale.ROOT).replace('_', '-')))
                .isEqualTo(option);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "on demand", "ondemand", "RESERVED"})
    void purchaseOption_unknown_isRefusedWithAllThatAreKnown(String name) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PurchaseOption.parse(name))
                .withMessageContaining("'" + name + "'")
                .withMessageContaining("ON_DEMAND")
                .withMessageContaining("CAPACITY_BLOCK");
    }

    @Test
    void sku_inWords_namesAllFourParts() {
        assertThat(new Sku(
                        Provider.AWS, Region.of("us-east-1"), InstanceType.of("g4dn.xlarge"), PurchaseOption.ON_DEMAND))
                .hasToString("AWS us-east-1 g4dn.xlarge ON_DEMAND");
    }
}
