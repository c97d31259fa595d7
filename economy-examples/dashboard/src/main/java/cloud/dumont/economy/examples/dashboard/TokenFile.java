package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.usage.AccountId;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Reads who may see what: lines {@code TOKEN ACCOUNT}, blank lines, and comments after {@code #} at a line's start. */
final class TokenFile {

    /** What can stand in an Authorization header (RFC 6750). */
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/-]+=*");

    private TokenFile() {}

    /**
     * Reads a whole file.
     *
     * @throws IOException if it cannot be read
     * @throws IllegalArgumentException if a line is wrong; the message names it, but never a token
     */
    static Map<String, AccountId> read(Path file) throws IOException {
        Map<String, AccountId> accountByToken = new LinkedHashMap<>();
        List<String> lines = lines(file);
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String where = file + " line " + (i + 1) + ": ";
            String[] parts = line.split("\\s+", 2);
            if (parts.length < 2) {
                throw new IllegalArgumentException(where + "expected TOKEN ACCOUNT, found one word");
            }
            if (!TOKEN.matcher(parts[0]).matches()) {
                throw new IllegalArgumentException(where + "a token is made of letters, digits and . _ ~ + / - only");
            }
            if (accountByToken.put(parts[0], account(parts[1], where)) != null) {
                throw new IllegalArgumentException(where + "this token stands on an earlier line too");
            }
        }
        if (accountByToken.isEmpty()) {
            throw new IllegalArgumentException(file + ": no line TOKEN ACCOUNT in it");
        }
        return accountByToken;
    }

    /** Warns where others on this machine may read the tokens. */
    static void warnOfReaders(Path file, PrintWriter err) {
        try {
            Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(file);
            if (permissions.contains(PosixFilePermission.OTHERS_READ)
                    || permissions.contains(PosixFilePermission.GROUP_READ)) {
                err.println(
                        file + ": others on this machine may read the tokens; let its owner alone: chmod 600 " + file);
            }
        } catch (IOException | UnsupportedOperationException e) {
            // Where the file system has no such permissions there is nothing to say; what cannot be read was said
            // before.
        }
    }

    /** The first line may begin with a mark, as editors of Windows write it. */
    private static List<String> lines(Path file) throws IOException {
        CharBuffer text = CharBuffer.allocate(Math.toIntExact(Files.size(file)) + 1);
        CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
        CoderResult result = decoder.decode(ByteBuffer.wrap(Files.readAllBytes(file)), text, true);
        List<String> lines = text.flip().toString().lines().toList();
        if (result.isError()) {
            throw new IllegalArgumentException(
                    file + " line " + Math.max(1, lines.size()) + ": not UTF-8; save the file as UTF-8");
        }
        return lines.stream()
                .map(line -> line.startsWith("\uFEFF") ? line.substring(1) : line)
                .toList();
    }

    private static AccountId account(String text, String where) {
        try {
            return AccountId.of(text);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(where + e.getMessage(), e);
        }
    }
}
