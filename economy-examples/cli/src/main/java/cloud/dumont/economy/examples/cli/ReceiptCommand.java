package cloud.dumont.economy.examples.cli;

import cloud.dumont.economy.savings.Receipt;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Checks receipts. */
@Command(name = "receipt", description = "Checks receipts.", mixinStandardHelpOptions = true)
@SuppressWarnings("NullAway.Init") // picocli sets the fields before a command runs
final class ReceiptCommand implements Runnable {

    /** A receipt as it stands in a file. */
    private record Document(
            @Nullable Map<String, String> facts,
            @Nullable List<Map<String, String>> lines,
            @Nullable Map<String, String> totals) {}

    @ParentCommand
    private EconomyCli cli;

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "which command? verify");
    }

    @Command(
            name = "verify",
            description = "Recomputes a receipt from nothing but itself.",
            mixinStandardHelpOptions = true)
    int verify(@Parameters(paramLabel = "FILE", description = "A receipt, as explain --json prints it.") Path file)
            throws IOException {
        Receipt receipt = read(file);
        List<String> wrong = receipt.verify();
        Map<String, Object> answer = new LinkedHashMap<>();
        answer.put("holds", wrong.isEmpty());
        answer.put("wrong", wrong);
        cli.output(spec.commandLine().getOut()).print(answer, out -> {
            wrong.forEach(out::println);
            if (wrong.isEmpty()) {
                out.println("the receipt holds");
                tellUnseen(receipt, out);
            }
        });
        return wrong.isEmpty() ? 0 : EconomyCli.REFUSED;
    }

    /** What of a receipt's time nobody saw, if there is any. */
    private static void tellUnseen(Receipt receipt, PrintWriter out) {
        String until = receipt.facts().get("observed_until");
        if (until != null && !until.equals(receipt.facts().get("at"))) {
            out.println("Observed until " + until + ", before the moment of the receipt, "
                    + receipt.facts().get("at"));
        }
        tellSeconds(receipt, "inferred", "nobody looked then, but what was seen before and after agrees", out);
        tellSeconds(
                receipt,
                "provisional",
                "not seen since, and taken back if the next listing does not confirm them",
                out);
    }

    private static void tellSeconds(Receipt receipt, String evidence, String meaning, PrintWriter out) {
        String seconds = receipt.totals().getOrDefault(evidence + "_seconds", "0");
        if (!seconds.equals("0")) {
            out.println(seconds + " s are " + evidence + ": " + meaning);
        }
    }

    private static Receipt read(Path file) throws IOException {
        try {
            Document document = JsonMapper.builder().build().readValue(Files.readAllBytes(file), Document.class);
            if (document.facts() == null || document.lines() == null || document.totals() == null) {
                throw new IllegalArgumentException(file + ": not a receipt: it needs facts, lines and totals");
            }
            return new Receipt(document.facts(), document.lines(), document.totals());
        } catch (JsonProcessingException e) {
            String line =
                    e.getLocation() == null ? "" : " at line " + e.getLocation().getLineNr();
            throw new IllegalArgumentException(file + ": not a receipt" + line + ": " + e.getOriginalMessage(), e);
        } catch (CharConversionException e) {
            throw new IllegalArgumentException(
                    file + ": not a receipt: neither UTF-8 nor UTF-16: " + e.getMessage(), e);
        }
    }
}
