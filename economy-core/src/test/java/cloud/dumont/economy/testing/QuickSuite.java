package cloud.dumont.economy.testing;

import static org.junit.platform.engine.discovery.ClassNameFilter.includeClassNamePatterns;

import java.io.PrintWriter;
import java.util.List;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs those tests that read, write and compute and take no time, in a JVM of its own, whose locale is another. */
public final class QuickSuite {

    private static final List<String> PACKAGES = List.of(
            "cloud.dumont.economy.csv",
            "cloud.dumont.economy.gpu",
            "cloud.dumont.economy.money",
            "cloud.dumont.economy.pricing",
            "cloud.dumont.economy.equivalence",
            "cloud.dumont.economy.usage",
            "cloud.dumont.economy.savings");

    /** What reads or writes numbers and names, a few seconds in all. Laws of thousands of cases do not depend on the locale. */
    private static final String QUICK =
            ".*\\.(TextReader|Gpu(Names|Spec|SpecCsv|Memory|Count)|HourlyRate|Amount|PriceCsv|PriceImport|"
                    + "PriceChange|OverlayCsv|Explanation|Usage(Csv|Interval|Columns)|Instance|Seal|ReceiptCheck|SavingsCalculator)(Seen)?Test";

    private QuickSuite() {}

    public static void main(String[] arguments) {
        LauncherDiscoveryRequest request = LauncherDiscoveryRequestBuilder.request()
                .selectors(
                        PACKAGES.stream().map(DiscoverySelectors::selectPackage).toList())
                .filters(includeClassNamePatterns(QUICK))
                .build();
        SummaryGeneratingListener summary = new SummaryGeneratingListener();
        LauncherFactory.create().execute(request, summary);
        PrintWriter out = new PrintWriter(System.out, true);
        summary.getSummary().printFailuresTo(out, 5);
        out.println("succeeded: " + summary.getSummary().getTestsSucceededCount());
        System.exit(summary.getSummary().getTotalFailureCount() == 0 ? 0 : 1);
    }
}
