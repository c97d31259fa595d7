package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.pricing.source.KeptPrices;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Rejects held prices. */
@Command(
        name = "reject",
        description = {
            "Rejects held prices: they do not count, however often their sellers repeat them.",
            "Without saying which, shows those that are held."
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class CatalogRejectCommand implements Callable<Integer> {

    @ParentCommand
    private CatalogCommand parent;

    @Mixin
    private PriceStoreOption store;

    @Mixin
    private HeldOptions options;

    @Override
    public Integer call() {
        parent.output().print(store.with(prices -> options.say(prices, "rejected", KeptPrices::reject)));
        return 0;
    }
}
