package cloud.dumont.economy.examples.dashboard;

import static cloud.dumont.economy.examples.dashboard.SiteFixture.ACME;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.GLOBEX;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.figure;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.names;
import static cloud.dumont.economy.examples.dashboard.SiteFixture.words;
import static org.assertj.core.api.Assertions.assertThat;

import cloud.dumont.economy.pricing.OfferFilter;
import cloud.dumont.economy.pricing.PriceOverlay;
import cloud.dumont.economy.pricing.source.PriceSource;
import cloud.dumont.economy.provider.Provider;
import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PricingTest {

    private final SiteFixture site = SiteFixture.withFleet();

    @AfterEach
    void stop() {
        site.close();
    }

    @Test
    void aPriceSaysWhatWhereAndSinceWhen() {
        JsonNode body = site.json(ACME, "/pricing?provider=aws&gpu=H100%20SXM%2080GB");
        JsonNode row = body.at("/pricing/0");

        assertThat(names(body))
                .containsAll(words("success pricing total offset limit at as_of stale currency unit demo"));
        assertThat(names(row))
                .containsAll(words("provider region instance_type gpu_model gpu_count vcpus memory_gib purchase_option"
                        + " usd_per_hour usd_per_gpu_hour effective_from effective_until source read_on trust uncertain"
                        + " restriction composed_of sustained_use_percent negotiated_percent"
                        + " negotiated_usd_per_hour"));
        assertThat(body.get("pricing")).hasSize(1);
        assertThat(row.get("provider").asText()).isEqualTo("AWS");
        assertThat(row.get("region").asText()).isEqualTo("us-east-1");
        assertThat(row.get("instance_type").asText()).isEqualTo("p5.48xlarge");
        assertThat(row.get("gpu_model").asText()).isEqualTo("H100 SXM 80GB");
        assertThat(figure(row, "/gpu_count")).isEqualTo("8");
        assertThat(figure(row, "/vcpus")).isEqualTo("4");
        assertThat(figure(row, "/memory_gib")).isEqualTo("16");
        assertThat(row.get("purchase_option").asText()).isEqualTo("ON_DEMAND");
        assertThat(figure(row, "/usd_per_hour")).isEqualTo("55.04");
        assertThat(figure(row, "/usd_per_gpu_hour")).isEqualTo("6.88");
        assertThat(row.get("effective_from").asText()).isEqualTo("2026-07-28T00:00:00Z");
        assertThat(row.get("source").asText()).isEqualTo("list aws.csv");
        assertThat(row.get("read_on").asText()).isEqualTo("2026-07-28");
        assertThat(row.get("restriction").isNull()).isTrue();
        assertThat(body.get("as_of").asText()).isEqualTo("2026-07-28");
        assertThat(body.get("stale").asBoolean(true)).isFalse();
        assertThat(body.get("currency").asText()).isEqualTo("USD");
        assertThat(body.get("unit").asText()).isEqualTo("per_hour");
    }

    @Test
    void anEarlierMomentHasTheEarlierPrice() {
        JsonNode body = site.json(ACME, "/pricing?gpu=h100sxm80gb&at=2026-07-27T23:59:59Z");

        assertThat(figure(body, "/pricing/0/usd_per_hour")).isEqualTo("98.32");
        assertThat(body.at("/pricing/0/effective_until").asText()).isEqualTo("2026-07-28T00:00:00Z");
    }

    @Test
    void aliasesRegionsAndOptionsNarrow() {
        assertThat(site.json(ACME, "/pricing").get("pricing")).hasSize(6);
        assertThat(site.json(ACME, "/pricing?provider=ALL&gpu=Tesla%20T4").get("pricing"))
                .hasSize(4);
        assertThat(site.json(ACME, "/pricing?gpu=t4&region=US-East-1").get("pricing"))
                .hasSize(2);
        assertThat(site.json(ACME, "/pricing?gpu=t4&region=US%20East%20(N.%20Virginia)")
                        .get("pricing"))
                .hasSize(2);
        assertThat(site.json(ACME, "/pricing?gpu=t4&region=us-east-1&option=spot")
                        .get("pricing"))
                .hasSize(1);
    }

    @Test
    void restrictedPricesAreListedAndSaySo() {
        JsonNode body = site.json(ACME, "/pricing?region=us-gov-west-1");

        assertThat(body.get("pricing")).hasSize(1);
        assertThat(body.at("/pricing/0/restriction").asText()).isNotBlank();
    }

    @Test
    void aSliceOfAGpuCostsItsPartOfAWholeOne() {
        JsonNode row = site.json(ACME, "/pricing?gpu=A10").at("/pricing/0");

        assertThat(figure(row, "/gpu_count")).isEqualTo("0.333333333");
        assertThat(figure(row, "/usd_per_gpu_hour")).isEqualTo("1.362");
    }

    @Test
    void oldestPriceListedTellsTheAge() {
        JsonNode body = site.json(ACME, "/pricing");

        assertThat(body.get("as_of").asText()).isEqualTo("2026-07-01");
        assertThat(body.get("stale").asBoolean()).isTrue();
        JsonNode none = site.json(ACME, "/pricing?gpu=MI300X");
        assertThat(none.get("pricing")).isEmpty();
        assertThat(none.get("as_of").isNull()).isTrue();
    }

    @Test
    void filtersCombine() {
        assertThat(types("/pricing?instance_type=g4dn.*")).containsExactly("g4dn.xlarge", "g4dn.xlarge", "g4dn.xlarge");
        assertThat(types("/pricing?instance_type=*4*&gpu=T4&provider=gcp")).containsExactly("n1-t4");
        assertThat(types("/pricing?instance_type=G4DN.*")).isEmpty();
        assertThat(types("/pricing?instance_type=p5.48xlarge&option=spot")).isEmpty();
        JsonNode one = site.json(
                ACME, "/pricing?provider=aws&gpu=T4&region=us-east-1&option=spot&instance_type=g4dn.*&at=2026-08-01");
        assertThat(one.get("pricing")).hasSize(1);
        assertThat(figure(one, "/total")).isEqualTo("1");
        assertThat(figure(one, "/pricing/0/usd_per_hour")).isEqualTo("0.2104");
    }

    private List<String> types(String question) {
        List<String> types = new ArrayList<>();
        site.json(ACME, question)
                .get("pricing")
                .forEach(row -> types.add(row.get("instance_type").asText()));
        return types;
    }

    @Test
    void pagesAreCutFromOneOrder_andEachTellsTheTotalAndTheAgeOfAll() {
        JsonNode all = site.json(ACME, "/pricing");
        JsonNode page = site.json(ACME, "/pricing?offset=1&limit=2");
        JsonNode last = site.json(ACME, "/pricing?offset=5&limit=2");
        JsonNode beyond = site.json(ACME, "/pricing?offset=6");

        assertThat(page.get("pricing")).hasSize(2);
        assertThat(page.at("/pricing/0")).isEqualTo(all.at("/pricing/1"));
        assertThat(page.at("/pricing/1")).isEqualTo(all.at("/pricing/2"));
        assertThat(figure(page, "/offset")).isEqualTo("1");
        assertThat(figure(page, "/limit")).isEqualTo("2");
        assertThat(last.get("pricing")).hasSize(1);
        assertThat(last.at("/pricing/0")).isEqualTo(all.at("/pricing/5"));
        assertThat(beyond.get("pricing")).isEmpty();
        for (JsonNode body : List.of(all, page, last, beyond)) {
            assertThat(figure(body, "/total")).isEqualTo("6");
            assertThat(body.get("as_of").asText()).isEqualTo("2026-07-01");
        }
    }

    @Test
    void wholeBundledCatalogCanBePaged() {
        try (SiteFixture bundled = SiteFixture.withPrices(PriceSource.bundled())) {
            Set<String> skus = new HashSet<>();
            int total = PriceSource.bundled().load().size();
            int rows = 0;
            for (int offset = 0; offset < total; offset += 1_000) {
                JsonNode page = bundled.json(ACME, "/pricing?limit=1000&offset=" + offset);
                assertThat(page.get("total").asInt()).isEqualTo(total);
                for (JsonNode row : page.get("pricing")) {
                    rows++;
                    skus.add(String.join(
                            " | ",
                            row.get("provider").asText(),
                            row.get("instance_type").asText(),
                            row.get("region").asText(),
                            row.get("purchase_option").asText()));
                }
            }
            assertThat(rows).isEqualTo(total);
            assertThat(skus).hasSize(total);
        }
    }

    @Test
    void changeThatNobodySawIsTold() {
        try (SiteFixture odd = SiteFixture.withPrices(SiteFixture::oddPrices)) {
            JsonNode now = odd.json(ACME, "/pricing?instance_type=g2-t4").at("/pricing/0");
            JsonNode within =
                    odd.json(ACME, "/pricing?instance_type=g2-t4&at=2026-06-20").at("/pricing/0");
            JsonNode before =
                    odd.json(ACME, "/pricing?instance_type=g2-t4&at=2026-06-05").at("/pricing/0");

            assertThat(figure(now, "/usd_per_hour")).isEqualTo("3");
            assertThat(now.at("/uncertain/from").asText()).isEqualTo("2026-06-11T00:00:00Z");
            assertThat(now.at("/uncertain/until").asText()).isEqualTo("2026-07-01T00:00:00Z");
            assertThat(figure(within, "/usd_per_hour")).isEqualTo("2");
            assertThat(within.get("uncertain")).isEqualTo(now.get("uncertain"));
            assertThat(figure(before, "/usd_per_hour")).isEqualTo("2");
            assertThat(before.get("uncertain").isNull()).isTrue();
        }
    }

    @Test
    void composedMachinesNameTheirParts_andWhatTheProviderTakesOffByItself() {
        try (SiteFixture odd = SiteFixture.withPrices(SiteFixture::oddPrices)) {
            JsonNode row = odd.json(ACME, "/pricing?gpu=T4&instance_type=n1-standard-4%20*")
                    .at("/pricing/0");
            JsonNode part =
                    odd.json(ACME, "/pricing?instance_type=nvidia-tesla-t4").at("/pricing/0");

            assertThat(figure(row, "/usd_per_hour")).isEqualTo("0.54");
            assertThat(row.at("/composed_of/machine").asText()).isEqualTo("n1-standard-4");
            assertThat(row.at("/composed_of/part").asText()).isEqualTo("nvidia-tesla-t4");
            assertThat(figure(row, "/composed_of/count")).isEqualTo("1");
            assertThat(figure(row, "/sustained_use_percent")).isEqualTo("30");
            assertThat(part.get("composed_of").isNull()).isTrue();
            assertThat(part.get("restriction").asText()).contains("a GPU alone");
        }
    }

    @Test
    void whatNoSourceTellsIsNull() {
        try (SiteFixture odd = SiteFixture.withPrices(SiteFixture::oddPrices)) {
            JsonNode uncounted = odd.json(ACME, "/pricing?provider=azure").at("/pricing/0");
            JsonNode answer = odd.json(ACME, "/pricing?provider=lambda");
            JsonNode undated = answer.at("/pricing/0");

            assertThat(uncounted.get("gpu_model").asText()).isEqualTo("A10");
            assertThat(uncounted.get("gpu_count").isNull()).isTrue();
            assertThat(uncounted.get("usd_per_gpu_hour").isNull()).isTrue();
            assertThat(uncounted.get("sustained_use_percent").isNull()).isTrue();
            assertThat(uncounted.get("trust").asText()).isEqualTo("UNRATED");
            assertThat(undated.get("trust").asText()).isEqualTo("COLLECTED");
            assertThat(undated.get("read_on").isNull()).isTrue();
            assertThat(undated.get("effective_from").isNull()).isTrue();
            assertThat(answer.get("as_of").isNull()).isTrue();
            assertThat(answer.get("stale").asBoolean(false)).isTrue();
            assertThat(odd.json(ACME, "/pricing?provider=azure").get("stale").asBoolean(true))
                    .isFalse();
            assertThat(odd.json(ACME, "/pricing").get("as_of").isNull()).isTrue();
        }
    }

    @Test
    void whatAnAccountKnowsBetterIsShownToItAlone() {
        PriceOverlay overlay = PriceOverlay.builder()
                .discount(OfferFilter.of(Provider.AWS).withInstanceTypes("p5.*"), new BigDecimal("33.3333"), "EDP 2026")
                .exclude(OfferFilter.of(Provider.GCP), "no contract")
                .build();
        try (SiteFixture own =
                SiteFixture.withFleet(account -> account.value().equals("acme") ? overlay : PriceOverlay.NONE)) {
            JsonNode negotiated = own.json(ACME, "/pricing?gpu=H100%20SXM").at("/pricing/0");
            JsonNode listed = own.json(GLOBEX, "/pricing?gpu=H100%20SXM").at("/pricing/0");

            assertThat(figure(negotiated, "/usd_per_hour")).isEqualTo("55.04");
            assertThat(figure(negotiated, "/negotiated_percent")).isEqualTo("33.3333");
            assertThat(negotiated.get("negotiated_reason").asText()).isEqualTo("EDP 2026");
            assertThat(figure(negotiated, "/negotiated_usd_per_hour")).isEqualTo("36.69335168");
            assertThat(own.json(ACME, "/pricing?provider=gcp")
                            .at("/pricing/0/restriction")
                            .asText())
                    .isEqualTo("no contract");
            for (String unknown : words("negotiated_percent negotiated_reason negotiated_usd_per_hour")) {
                assertThat(listed.get(unknown).isNull()).as(unknown).isTrue();
            }
            assertThat(own.json(GLOBEX, "/pricing?provider=gcp")
                            .at("/pricing/0/restriction")
                            .isNull())
                    .isTrue();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "limit=0, limit, 0, 1 to 1000",
        "limit=1001, limit, 1001, 1 to 1000",
        "limit=many, limit, many, a whole number",
        "offset=-1, offset, -1, from 0",
        "provider=AWZ, provider, AWZ, 'AWS, AZURE, GCP, all'",
        "gpu=A100, gpu, A100, A100 SXM 40GB",
        "gpu=abacus, gpu, abacus, H100 SXM 80GB",
        "region=atlantis, region, atlantis, us-east-1",
        "option=free, option, free, SAVINGS_PLAN_3Y",
        "at=noon, at, noon, 2026-01-31"
    })
    void wrongParameterIsRefusedWithWhatIsAllowed(String query, String parameter, String value, String allowed) {
        assertThat(site.refusal(400, ACME, "/pricing?" + query)).contains(parameter, value, allowed);
    }
}
