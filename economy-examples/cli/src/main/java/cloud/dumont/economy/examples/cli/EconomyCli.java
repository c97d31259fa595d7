package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.pricing.CatalogFormatException;
import cloud.dumont.economy.pricing.PriceNotFoundException;
import cloud.dumont.economy.provider.Provider;
import cloud.dumont.economy.provider.Region;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.Objects;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The command line: {@code economy-cli COMMAND [options] [--json]}. */
@Command(
        name = "economy-cli",
        description = "What GPU instances save against AWS, Google Cloud and Azure.",
        mixinStandardHelpOptions = true,
        version = "economy-cli 0.1.0-SNAPSHOT",
        subcommands = {
            PriceCommand.class,
            MatchCommand.class,
            ReplayCommand.class,
            ExplainCommand.class,
            ReceiptCommand.class,
            HistoryCommand.class,
            CatalogCommand.class
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:wrong usage", "3:not found", "4:input refused"})
public final class EconomyCli implements Runnable {

    private static final int LONGEST_NUMBER = 100;

    static final int FAILED = 1;
    static final int NOT_FOUND = 3;
    static final int REFUSED = 4;

    @Option(names = "--json", description = "Print JSON.", scope = ScopeType.INHERIT)
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before anything runs
    private CommandSpec spec;

    private EconomyCli() {}

    /**
     * Runs a command and exits with its code.
     *
     * @param arguments the command and its options
     */
    public static void main(String[] arguments) {
        System.exit(
                commandLine().setOut(utf8(System.out)).setErr(utf8(System.err)).execute(arguments));
    }

    /** What is printed is read by machines too: it is the same in every locale. */
    private static PrintWriter utf8(OutputStream out) {
        return new PrintWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8), true);
    }

    static CommandLine commandLine() {
        return new CommandLine(new EconomyCli())
                .setCaseInsensitiveEnumValuesAllowed(true)
                .registerConverter(Provider.class, Provider::of)
                .registerConverter(Region.class, Region::of)
                .registerConverter(BigDecimal.class, EconomyCli::number)
                .setExecutionExceptionHandler((failure, line, parsed) -> report(failure, line.getErr()));
    }

    /** Bounded before a number is made of it: a long one takes long to make, and longer to print. */
    private static BigDecimal number(String text) {
        if (text.length() > LONGEST_NUMBER) {
            throw new TypeConversionException(
                    "a number has at most " + LONGEST_NUMBER + " characters, not " + text.length());
        }
        try {
            return new BigDecimal(text);
        } catch (NumberFormatException e) {
            throw new TypeConversionException("'" + text.replaceAll("\\p{Cc}", "?") + "' is not a number such as 2.5");
        }
    }

    Output output(PrintWriter out) {
        return new Output(out, json);
    }

    private static int report(Exception failure, PrintWriter err) {
        if (failure instanceof NoSuchFileException missing) {
            err.println("no such file: " + missing.getFile());
            return NOT_FOUND;
        }
        err.println(Stream.<Throwable>iterate(failure, Objects::nonNull, Throwable::getCause)
                .map(cause -> Objects.requireNonNullElse(cause.getMessage(), cause.toString()))
                .distinct()
                .collect(Collectors.joining("; because: ")));
        if (failure instanceof PriceNotFoundException || failure instanceof NotFoundException) {
            return NOT_FOUND;
        }
        return failure instanceof CatalogFormatException
                        || failure instanceof IllegalArgumentException
                        || failure instanceof IOException
                ? REFUSED
                : FAILED;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command?");
    }
}
