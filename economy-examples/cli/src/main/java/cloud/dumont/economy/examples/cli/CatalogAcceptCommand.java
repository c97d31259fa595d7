package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.pricing.source.KeptPrices;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.ParentCommand;

/** Takes held prices. */
@Command(
        name = "accept",
        description = {
            "Accepts held prices after you have checked them. They take effect when they were first read.",
            "Without saying which, shows those that are held."
        },
        mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before call()
final class CatalogAcceptCommand implements Callable<Integer> {

    @ParentCommand
    private CatalogCommand parent;

    @Mixin
    private PriceStoreOption store;

    @Mixin
    private HeldOptions options;

    @Override
    public Integer call() {
        parent.output().print(store.with(prices -> options.say(prices, "accepted", KeptPrices::accept)));
        return 0;
    }
}
