package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.history.InMemoryHistoryStore;
import cloud.dumont.economy.money.Amount;
import cloud.dumont.economy.pricing.PriceCatalog;
import cloud.dumont.economy.pricing.source.OverlayCsv;
import cloud.dumont.economy.savings.Receipt;
import cloud.dumont.economy.savings.SavingsCalculator;
import cloud.dumont.economy.usage.AccountId;
import cloud.dumont.economy.usage.InstanceId;
import cloud.dumont.economy.usage.UsageCsv;
import java.io.IOException;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Tells how a figure came about, as text or as a receipt. */
@Command(
        name = "explain",
        description = "How an account's or an instance's savings came about; with --json a receipt.",
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class ExplainCommand implements Callable<Integer> {

    private static final String MORE = System.lineSeparator() + "      ";

    @ParentCommand
    private EconomyCli cli;

    @Spec
    private CommandSpec spec;

    @Mixin
    private BaselineOptions options;

    @Mixin
    private UsageOptions usage;

    @Option(names = "--account", required = true, paramLabel = "A", description = "Whose.")
    private String account;

    @Option(names = "--instance", paramLabel = "I", description = "Which instance; all unless given.")
    private @Nullable String instance;

    @Option(
            names = "--figure",
            paramLabel = "F",
            defaultValue = "LIFETIME",
            description = "Which figure: ${COMPLETION-CANDIDATES}; LIFETIME unless given.")
    private Receipt.Figure figure;

    @Override
    public Integer call() throws IOException {
        UsageCsv csv = usage.read();
        UsageOptions.tellRefused(csv, spec.commandLine().getErr());
        InMemoryHistoryStore store = UsageOptions.inMemory(csv);
        AccountId whose = AccountId.of(account);
        if (!store.accounts().contains(whose)) {
            throw new NotFoundException("unknown account '" + account + "'; known: " + store.accounts());
        }
        Optional<InstanceId> which = Optional.ofNullable(instance).map(InstanceId::of);
        if (which.isPresent()
                && csv.intervals().stream()
                        .noneMatch(known -> known.instance().account().equals(whose)
                                && known.instance().id().equals(which.get()))) {
            throw new NotFoundException("unknown instance '" + instance + "' of account " + account);
        }
        PriceCatalog catalog = options.catalog();
        OverlayCsv overlays = options.overlays(catalog, spec.commandLine().getErr());
        OverlayOption.tellStrangers(
                overlays, store.accounts(), spec.commandLine().getErr());
        Receipt receipt = SavingsCalculator.builder(store, () -> catalog)
                .overlays(known -> overlays.of(known.value()))
                .build()
                .receipt(figure, whose, which, options.baseline(), usage.until());

        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("facts", receipt.facts());
        answer.put("lines", receipt.lines());
        answer.put("totals", receipt.totals());
        cli.output(spec.commandLine().getOut()).print(answer, out -> tell(receipt, out));
        return 0;
    }

    private static void tell(Receipt receipt, PrintWriter out) {
        Map<String, String> facts = receipt.facts();
        out.println(facts.getOrDefault("figure", "").toLowerCase(Locale.ROOT) + " of account " + facts.get("account")
                + ", instances: " + facts.get("instance") + ", up to " + facts.get("at")
                + ", against "
                + facts.get("provider") + " " + facts.get("purchase_option") + " (" + facts.get("sizing")
                + discount(facts) + "), catalog " + facts.get("catalog_version"));
        boolean isProjection = Receipt.Figure.PROJECTION.name().equals(facts.get("figure"));
        for (Map<String, String> line : receipt.lines()) {
            out.println(
                    "  " + (!line.containsKey("tier") ? uncompared(line) : isProjection ? rate(line) : compared(line)));
        }
        if (isProjection) {
            projection(receipt.totals(), out);
        } else {
            Map<String, String> totals = receipt.totals();
            out.println("Paid " + usd(totals, "paid_quanta") + " USD, elsewhere " + usd(totals, "equivalent_quanta")
                    + " USD, saved " + totals.get("savings_usd") + " USD over " + totals.get("compared_seconds")
                    + " of " + totals.get("billable_seconds") + " billable seconds");
        }
    }

    private static String discount(Map<String, String> facts) {
        return "0".equals(facts.get("discount_percent")) ? "" : ", less " + facts.get("discount_percent") + "%";
    }

    private static void projection(Map<String, String> totals, PrintWriter out) {
        out.println("Now " + rate(totals, "equivalent_nano_usd_per_hour") + " - "
                + rate(totals, "paid_nano_usd_per_hour") + " = " + rate(totals, "savings_nano_usd_per_hour")
                + " USD/h over " + totals.get("compared_instances") + " of " + totals.get("billable_instances")
                + " billable instances. If these ran without a break:");
        for (String span : List.of("daily", "weekly", "monthly", "yearly")) {
            out.println(
                    "  " + span + ": x " + totals.get(span + "_hours") + " h = " + totals.get(span + "_usd") + " USD");
        }
    }

    private static String rate(Map<String, String> line) {
        return subject(line) + " since " + line.get("session_start")
                + MORE + "pays " + rate(line, "paid_nano_usd_per_hour") + " USD/h"
                + MORE + "elsewhere " + price(line)
                + MORE + "saves " + rate(line, "savings_nano_usd_per_hour") + " USD/h"
                + MORE + source(line);
    }

    private static String compared(Map<String, String> line) {
        String elsewhere =
                price(line) + ", " + line.get("equivalent_seconds") + " s = " + usd(line, "equivalent_quanta") + " USD";
        return "time".equals(line.get("kind"))
                ? subject(line) + time(line)
                        + MORE + "paid " + rate(line, "paid_nano_usd_per_hour") + " USD/h = "
                        + usd(line, "paid_quanta") + " USD"
                        + MORE + "elsewhere " + elsewhere
                        + MORE + source(line)
                : line.get("instance") + ": the billing rule's " + line.get("kind") + " of the run" + MORE
                        + "elsewhere " + elsewhere;
    }

    private static String price(Map<String, String> line) {
        return line.get("equivalent_provider") + " " + line.get("equivalent_instance_type") + " in "
                + line.get("equivalent_region") + " (" + line.get("equivalent_gpu_count") + " x "
                + line.get("equivalent_gpu") + ", " + line.get("tier") + "): "
                + rate(line, "list_nano_usd_per_hour") + " USD/h x " + line.get("charged_numerator") + "/"
                + line.get("charged_denominator") + " = " + rate(line, "equivalent_nano_usd_per_hour") + " USD/h";
    }

    private static String source(Map<String, String> line) {
        String changed = line.get("price_changed_between");
        return "price from " + line.get("price_source") + ", read on " + line.get("price_read_on")
                + ", counted since " + line.get("price_effective_from")
                + (changed == null
                        ? ""
                        : MORE + "nobody saw when it changed between " + changed.replace("/", " and ")
                                + ": the lower price counts");
    }

    private static String uncompared(Map<String, String> line) {
        return subject(line) + (line.containsKey("seconds") ? time(line) : "") + MORE + "not compared: "
                + line.get("why_not_compared");
    }

    private static String subject(Map<String, String> line) {
        return line.get("instance") + " " + line.get("gpu_count") + " x " + line.get("gpu") + " " + line.get("state");
    }

    private static String time(Map<String, String> line) {
        return " " + line.get("from") + " to " + line.get("to") + " (" + line.get("seconds") + " s)";
    }

    private static String rate(Map<String, String> fields, String name) {
        return Output.plain(new BigDecimal(fields.getOrDefault(name, "0")).movePointLeft(9))
                .toPlainString();
    }

    private static String usd(Map<String, String> fields, String name) {
        return Amount.ofQuanta(new BigInteger(fields.getOrDefault(name, "0")))
                .toUsd()
                .toPlainString();
    }
}
