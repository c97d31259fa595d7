package cloud.dumont.economy.examples.dashboard;

import cloud.dumont.economy.usage.AccountId;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Who is who: only digests of the tokens are kept, and each look-up compares with all of them, so that its time tells nothing. */
final class Tokens {

    private static final int RANDOM_BYTES = 32;

    private static final class Entry {

        private final byte[] digest;
        private final AccountId account;

        Entry(byte[] digest, AccountId account) {
            this.digest = digest;
            this.account = account;
        }
    }

    private volatile List<Entry> entries;

    Tokens(Map<String, AccountId> accountByToken) {
        entries = entries(accountByToken);
    }

    /** Takes other tokens from now on. */
    void replace(Map<String, AccountId> accountByToken) {
        entries = entries(accountByToken);
    }

    private static List<Entry> entries(Map<String, AccountId> accountByToken) {
        return accountByToken.entrySet().stream()
                .map(each -> new Entry(Sha256.of(each.getKey()), each.getValue()))
                .toList();
    }

    /** A new token that nobody can guess, fit for an address. */
    static String generate() {
        byte[] bytes = new byte[RANDOM_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    Optional<AccountId> account(String token) {
        byte[] digest = Sha256.of(token);
        AccountId found = null;
        for (Entry entry : entries) {
            if (MessageDigest.isEqual(entry.digest, digest)) {
                found = entry.account;
            }
        }
        return Optional.ofNullable(found);
    }
}
