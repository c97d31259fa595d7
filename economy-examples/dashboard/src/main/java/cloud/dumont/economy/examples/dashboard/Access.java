package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.usage.AccountId;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;

/**
 * Who gets in, and what to tell whoever started the program: a token that was made up here is told this once, one from a file never.
 */
final class Access {

    private final Map<String, AccountId> accountByToken;
    private final List<Line> lines;
    private final Optional<Path> file;

    private Access(Map<String, AccountId> accountByToken, List<Line> lines, Optional<Path> file) {
        this.accountByToken = accountByToken;
        this.lines = lines;
        this.file = file;
    }

    /** What stands around the address on a line. */
    private record Line(String before, String after) {}

    /**
     * By a file of tokens.
     *
     * @throws StartupException if the file is wrong
     */
    static Access of(Path tokenFile) {
        try {
            return new Access(TokenFile.read(tokenFile), List.of(new Line("", "/")), Optional.of(tokenFile));
        } catch (IOException e) {
            throw new StartupException(StartupException.USAGE, "token file cannot be read: " + e, e);
        } catch (IllegalArgumentException e) {
            throw new StartupException(StartupException.USAGE, String.valueOf(e.getMessage()), e);
        }
    }

    /** By a new token for each account. */
    static Access generatedFor(SortedSet<AccountId> accounts) {
        Map<String, AccountId> accountByToken = new LinkedHashMap<>();
        List<Line> lines = new ArrayList<>();
        for (AccountId account : accounts) {
            String token = Tokens.generate();
            accountByToken.put(token, account);
            lines.add(new Line(account + " ", "/?token=" + token));
        }
        return new Access(accountByToken, lines, Optional.empty());
    }

    /** By one new token, to the demo fleet. */
    static Access demo() {
        String token = Tokens.generate();
        return new Access(
                Map.of(token, DemoFleet.ACCOUNT), List.of(new Line("", "/?token=" + token)), Optional.empty());
    }

    /** Who has a token. */
    Set<AccountId> accounts() {
        return Set.copyOf(accountByToken.values());
    }

    Tokens tokens() {
        return new Tokens(accountByToken);
    }

    /** The file that the tokens come from, and may change in; empty where they were made up here. */
    Optional<Path> file() {
        return file;
    }

    /** Where to look: one line per account that got a token here, else one for all. */
    List<String> addresses(String base) {
        return lines.stream().map(line -> line.before() + base + line.after()).toList();
    }
}
